package dialog

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/tui/box"
	"slbtui/tui/canned"
)

func TestInspectorHoldsStill(t *testing.T) {
	s := sight(canned.Snapshot(3))
	i := AskWhy(s).Open.(*Inspector)
	shown := func() string { return ansi.Strip(i.summary(s, 0, s.Names(9))) }
	before := shown()
	s.Snap = canned.Snapshot(3)
	s.Snap.Learners[0].Decisions = s.Snap.Learners[0].Decisions[:3]
	require.Equal(t, before, shown())
	i.Press(s, key("r"))
	require.NotEqual(t, before, shown())
	require.Len(t, i.decisions, 3)
	for _, move := range []struct {
		key string
		to  int
	}{{"G", 2}, {"j", 2}, {"k", 1}, {"g", 0}, {"ctrl+d", 2}, {"ctrl+u", 0}} {
		i.Press(s, key(move.key))
		require.Equal(t, move.to, i.at, move.key)
	}
	s.Snap = canned.Snapshot(2)
	_, lines := i.Draw(s, 80, 20)
	require.Equal(t, []string{"the servers have changed: press r"}, lines)
	require.Equal(t, box.Act{Close: true}, i.Press(s, key("enter")))

	s.Snap.Learners[0].Decisions = nil
	require.Equal(t, box.Complain("q_learning has not decided anything yet"), AskWhy(s))
	s.Snap.Learners = nil
	require.Equal(t, box.Complain("there is no learner whose decisions could be shown"), AskWhy(s))
}
