package pane

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/canned"
)

// well is a snapshot of n servers that are all ok.
func well(n int) *live.Snapshot {
	s := canned.Snapshot(n)
	for i := range s.Servers {
		v := &s.Servers[i]
		v.State, v.Window.Failures, v.Window.P95MS, v.Queued = live.ServerOK, 0, 71, 0
		v.InFlight, v.Share, v.Fault, v.FaultLeft = 3, 1/float64(n), fault.Fault{}, 0
	}
	return s
}

// ids are the servers that a pane shows, from above.
func ids(p *Servers, s *box.Sight) (out []string) {
	for _, i := range p.shown(s) {
		out = append(out, s.Snap.Servers[i].ID)
	}
	return out
}

func TestServersAreSorted(t *testing.T) {
	s, p := sight(well(12)), NewServers("")
	list := s.Snap.Servers
	list[4].Share, list[7].Window.P95MS, list[2].Window.Failures, list[9].Queued = 0.5, 900, 5, 4
	list[10].InFlight = 9
	require.Equal(t, "server1", ids(p, s)[0], "as configured")
	for _, step := range []struct{ order, first, second string }{
		{"share", "server5", "server1"}, {"p95", "server8", "server1"}, {"errors", "server3", "server1"}, {"queue", "server10", "server11"}, {"id", "server1", "server2"}, {"as needed", "server1", "server2"},
	} {
		act := p.Press(s, press("o"))
		require.Equal(t, box.Preference{Name: "order", Value: step.order}, act.Keep)
		require.NotEmpty(t, act.Say)
		require.Equal(t, []string{step.first, step.second}, ids(p, s)[:2], step.order)
		require.Equal(t, step.first, ids(NewServers(step.order), s)[0], "as remembered")
	}
	require.Equal(t, "server1", ids(NewServers("colour"), s)[0])
	slices.Reverse(list)
	require.Equal(t, []string{"server1", "server2", "server3"}, ids(NewServers("id"), s)[:3], "server2 before server10")
}

func TestIDsAreComparedAsPeopleDo(t *testing.T) {
	sorted := []string{"", "2", "10", "a", "a1", "a2", "a10", "a10b", "a011", "b"}
	for i, a := range sorted {
		for k, b := range sorted {
			require.Equal(t, i < k, naturally(a, b) < 0, "%q and %q", a, b)
		}
	}
}

// Of more than twenty, those that need a look come first; the well ones stay where they are.
func TestManyServersStandWorstFirst(t *testing.T) {
	s, p := sight(well(30)), NewServers("")
	list := s.Snap.Servers
	list[25].State, list[12].State, list[20].State, list[3].State = live.ServerDown, live.ServerSlow, live.ServerSlow, live.ServerDraining
	list[20].Window.P95MS, list[8].Window.Failures, list[29].Window.P95MS = 812, 9, 700
	require.Equal(t, []string{"server26", "server21", "server13", "server4", "server9", "server1", "server2"}, ids(p, s)[:7])
	aside, lines := p.Draw(s, 60, 20)
	require.Contains(t, ansi.Strip(aside), "worst first")
	require.Equal(t, " 30 servers: 1 DOWN, 2 SLOW, 1 DRAINING, worst p95 server21 812ms", ansi.Strip(summary(s, 70)[0]))
	require.Equal(t, " 30 servers: 1 DOWN, 2 SLOW, 1 DRAINING", ansi.Strip(lines[0])[:39])
	require.NotContains(t, ansi.Strip(lines[0]), "..", "nothing is cut")
	require.Empty(t, summary(sight(well(20)), 60), "those can be seen at a glance")
	require.Contains(t, ansi.Strip(summary(sight(well(21)), 60)[0]), "21 servers: all ok")
}

// Rows change places once a second, not with every frame.
func TestRowsStayForASecond(t *testing.T) {
	s, p := sight(well(30)), NewServers("")
	require.Equal(t, "server1", ids(p, s)[0])
	later := *s.Snap
	later.Servers = slices.Clone(s.Snap.Servers)
	later.Servers[17].State = live.ServerSlow
	s.Snap = &later
	require.Equal(t, "server1", ids(p, s)[0])
	next := later
	next.Seconds = append(slices.Clone(later.Seconds), metrics.Second{At: later.Seconds[len(later.Seconds)-1].At + time.Second})
	s.Snap = &next
	require.Equal(t, "server18", ids(p, s)[0])
}

// The view follows the one selected when it is selected; where rows change places, the worst stay in sight.
func TestTheWorstStayInSight(t *testing.T) {
	snap := well(40)
	snap.Servers[30].State = live.ServerSlow
	s, p := sight(snap), NewServers("")
	s.Server = "server31"
	_, lines := p.Draw(s, 60, 12)
	require.Contains(t, lines[2], "server31")
	healed := *snap
	healed.Servers = slices.Clone(snap.Servers)
	healed.Servers[30].State, healed.Servers[5].State = live.ServerOK, live.ServerDown
	healed.Seconds = append(slices.Clone(snap.Seconds), metrics.Second{At: time.Hour})
	s.Snap = &healed
	_, lines = p.Draw(s, 60, 12)
	require.Contains(t, lines[2], "server6", "not where server31 is now")
	require.NotContains(t, ansi.Strip(strings.Join(lines, "\n")), "server31")
	require.Equal(t, "server32", selected(s, p.Press(s, press("j"))))
	_, lines = p.Draw(s, 60, 12)
	require.Contains(t, ansi.Strip(strings.Join(lines, "\n")), "> server32", "it was selected")
}

// What is not well stands out in all of its row, and every server has its colour.
func TestRowsAreTinted(t *testing.T) {
	snap := well(3)
	snap.Servers[1].State, snap.Servers[2].State = live.ServerSlow, live.ServerDown
	s, p := sight(snap), NewServers("")
	_, lines := p.Draw(s, 100, 8)
	th := s.Theme
	require.Contains(t, lines[1], " server1 ")
	require.Contains(t, lines[2], th.Warn.On("server2"))
	require.Contains(t, lines[2], th.Warn.On(" 71ms"))
	require.Contains(t, lines[3], th.Bad.On("server3"))
	for i := range snap.Servers {
		require.Contains(t, lines[1+i], string(th.Server(i))+"##", "its bar")
		require.Contains(t, ansi.Strip(lines[1+i]), "###.....", "its slots")
	}
}

// Slots of real servers are not known: there are numbers.
func TestSlotsAreShownWhereTheyAreKnown(t *testing.T) {
	snap := well(3)
	for i := range snap.Servers {
		snap.Servers[i].Simulated = false
	}
	s, p := sight(snap), NewServers("")
	_, lines := p.Draw(s, 100, 8)
	require.NotContains(t, ansi.Strip(lines[0]), "BUSY+WAIT ")
	require.NotContains(t, ansi.Strip(lines[1]), "..")
	snap = well(3)
	snap.Servers[1].Simulated, snap.Servers[2].Queued, snap.Servers[2].InFlight = false, 12, 20
	_, lines = NewServers("").Draw(sight(snap), 100, 8)
	require.Contains(t, ansi.Strip(lines[3]), "########+12")
	require.NotContains(t, ansi.Strip(lines[2]), "..")
}
