package box

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/orders"
	"slbtui/tui/theme"
)

func TestScroll(t *testing.T) {
	var s Scroll
	text := []string{"a", "b", "c", "d", "e"}
	require.Equal(t, []string{"a", "b"}, s.Window(text, 2))
	for _, move := range []struct {
		key  string
		want int
	}{{"k", 0}, {"j", 1}, {"down", 2}, {"G", 3}, {"j", 3}, {"up", 2}, {"g", 0}, {"ctrl+d", 3}, {"pgup", 0}, {"x", 0}} {
		s.Move(move.key)
		require.Equal(t, move.want, s.First, move.key)
	}
	s.Step(-1)
	require.Equal(t, 3, s.First, "around the beginning")
	s.Step(1)
	require.Equal(t, 0, s.First, "around the end")
	s.Step(1)
	require.Equal(t, 1, s.First)
	s.Move("G")
	require.Equal(t, []string{"d", "e"}, s.Window(text, 2))
	require.Equal(t, 0, s.From(2, 5), "there is less than before")
}

func TestFilter(t *testing.T) {
	require.True(t, Filter("").Lets())
	require.True(t, Filter("SLOW").Lets("x", "slow x5"))
	require.False(t, Filter("slow").Lets("x"))
	lines := Filter("zzz").NoMatch(theme.New(theme.Named("dark"), "ascii"), 60)
	require.Contains(t, ansi.Strip(lines[1]), `nothing contains "zzz"; esc shows all`)
}

func TestEqualSightsAreEqual(t *testing.T) {
	var q orders.Queue
	s := Sight{Snap: canned.Snapshot(3), Theme: theme.New(theme.Named("dark"), "braille"), Asked: q.Asked(), Server: "server2"}
	require.Equal(t, 1, s.Index())
	require.Equal(t, "server2", s.Selected().ID)
	require.Equal(t, "50", s.Rate())
	before := s
	q.Settle(9)
	s.Asked = q.Asked()
	require.True(t, s == before)
	q.Add(live.SetRate{Rate: 60})
	s.Asked = q.Asked()
	require.False(t, s == before, "what was asked is seen")
	require.Equal(t, "50→60…", ansi.Strip(s.Rate()))
	s.Server = "gone"
	require.Nil(t, s.Selected())
}

func TestActs(t *testing.T) {
	require.True(t, (&Act{}).Nothing())
	a := Complain("no")
	require.False(t, a.Nothing())
	require.False(t, (&Act{Command: live.SetFault{Fault: fault.Fault{Slow: 2}}}).Nothing())
}
