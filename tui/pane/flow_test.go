package pane

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
	"slbtui/tui/flow"
)

// drawn is what the pane shows, without colours.
func drawn(p box.Box, s *box.Sight, w, h int) string {
	_, lines := p.Draw(s, w, h)
	return ansi.Strip(strings.Join(lines, "\n"))
}

func TestFlowShowsWhatBecomesOfServers(t *testing.T) {
	snap := well(5)
	list := snap.Servers
	list[1].State, list[2].State, list[3].State = live.ServerSlow, live.ServerEjected, live.ServerDraining
	list[4].Fault, list[0].Queued, list[0].InFlight = fault.Fault{Slow: 5}, 2, 5
	s := sight(snap)
	s.Server = "server1"
	var states []flow.State
	for _, b := range (&Flow{}).branches(s, 5) {
		states = append(states, b.State)
	}
	require.Equal(t, []flow.State{flow.Open, flow.Thinning, flow.Broken, flow.Broken, flow.Thinning}, states)
	text := drawn(&Flow{}, s, 198, 5)
	for _, want := range []string{"clients", "49.8/s", "q_learning", ">server1", "###..... +2", "SLOW", "EJECTED", "DRAINING", "slow x5"} {
		require.Contains(t, text, want)
	}
	require.Contains(t, drawn(&Flow{}, sight(&live.Snapshot{Seq: 1}), 80, 5), "no servers yet")
}

func TestFlowSelects(t *testing.T) {
	s, p := sight(canned.Snapshot(12)), &Flow{}
	s.Server = "server1"
	for _, step := range []struct{ key, want string }{{"j", "server2"}, {"k", "server1"}, {"k", "server1"}, {"G", "server12"}, {"j", "server12"}, {"g", "server1"}} {
		require.Equal(t, step.want, selected(s, p.Press(s, press(step.key))), step.key)
	}
	require.Equal(t, dialog.AskServer(s, p), p.Press(s, tea.KeyPressMsg{Code: tea.KeyEnter}))
	require.True(t, ptr(p.Press(s, press("x"))).Nothing())
	require.True(t, ptr(p.Press(sight(&live.Snapshot{}), press("j"))).Nothing())
}

// A hundred servers in seven lines: the selected one and the sick alone, the others by their state; nobody is lost.
func TestFlowGroups(t *testing.T) {
	snap := well(100)
	list := snap.Servers
	for _, i := range []int{7, 9, 13} {
		list[i].State = live.ServerDown
	}
	for i := 40; i < 52; i++ {
		list[i].State, list[i].Window.P95MS = live.ServerSlow, float64(300+i)
	}
	s := sight(snap)
	s.Server = "server77"
	text := drawn(&Flow{}, s, 198, 7)
	for _, want := range []string{"server8 ", "server10 ", "server14 ", ">server77", "server52 ", "11 SLOW", "worst server51 350ms", "84 ok"} {
		require.Contains(t, text, want)
	}
	for rows := 2; rows <= 100; rows++ {
		sum, branches := 0.0, (&Flow{}).branches(s, rows)
		require.LessOrEqual(t, len(branches), rows)
		for _, b := range branches {
			sum += b.Rate
		}
		require.InEpsilon(t, snap.Load.Served, sum, 1e-9, "%d rows", rows)
	}
	require.Contains(t, drawn(&Flow{}, s, 198, 2), "15 not ok", "there is no room for each state")
	require.Contains(t, drawn(&Flow{}, s, 198, 3), "server8 - server10 - server14", "those that are out, by name")
}

// Dots move with the time of the sight, and with nothing else.
func TestFlowMovesWithTheMoment(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Flow{}
	aside, _ := p.Draw(s, 150, 3)
	require.Empty(t, aside)
	still := drawn(p, s, 150, 3)
	require.Equal(t, still, drawn(p, s, 150, 3))
	s.Moment = time.Second
	first := drawn(p, s, 150, 3)
	require.Equal(t, first, drawn(p, s, 150, 3))
	aside, _ = p.Draw(s, 150, 3)
	require.Equal(t, "o 20 requests", ansi.Strip(aside))
	s.Moment += 125 * time.Millisecond
	require.NotEqual(t, first, drawn(p, s, 150, 3))
	s.Moment = 0
	require.Equal(t, still, drawn(p, s, 150, 3))
}

// Alone and with room to spare, who got the traffic over time stands below.
func TestFlowAloneShowsTrafficOverTime(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Flow{}
	s.Window = time.Minute
	require.NotContains(t, drawn(p, s, 100, 30), "traffic")
	s.Place = box.Zoomed
	require.Contains(t, drawn(p, s, 100, 30), "100%+")
	require.NotContains(t, drawn(p, s, 100, 12), "traffic")
}
