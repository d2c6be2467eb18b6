package pane

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
)

// selected carries out what the pane selects.
func selected(s *box.Sight, a box.Act) string {
	if a.Select != "" {
		s.Server = a.Select
	}
	return s.Server
}

func TestServersAreSelected(t *testing.T) {
	s, p := sight(canned.Snapshot(12)), &Servers{}
	s.Server = "server1"
	for _, step := range []struct{ key, want string }{{"j", "server2"}, {"k", "server1"}, {"k", "server1"}, {"G", "server12"}, {"j", "server12"}, {"g", "server1"}} {
		require.Equal(t, step.want, selected(s, p.Press(s, press(step.key))), step.key)
	}
	require.Equal(t, "server9", selected(s, p.Press(s, tea.KeyPressMsg{Code: 'd', Mod: tea.ModCtrl})))
	require.Equal(t, dialog.AskServer(s, p), p.Press(s, tea.KeyPressMsg{Code: tea.KeyEnter}))
	s.Server = "gone"
	require.Equal(t, "server1", selected(s, p.SetFilter(s, "")))
	require.True(t, ptr(p.Press(sight(&live.Snapshot{}), press("j"))).Nothing())
	require.True(t, ptr(p.Press(s, press("h"))).Nothing())
}

func TestServersAreFiltered(t *testing.T) {
	s, p := sight(canned.Snapshot(12)), &Servers{}
	require.Equal(t, "server1", selected(s, p.SetFilter(s, "r1"))) // server1, server10, server11, server12
	require.Equal(t, "r1", p.Filter())
	for _, step := range []struct{ key, want string }{{"n", "server10"}, {"n", "server11"}, {"N", "server10"}, {"N", "server1"}, {"N", "server12"}, {"n", "server1"}, {"G", "server12"}, {"k", "server11"}} {
		require.Equal(t, step.want, selected(s, p.Press(s, press(step.key))), step.key)
	}
	aside, lines := p.Draw(s, 60, 20)
	require.Contains(t, ansi.Strip(aside), "3/4 ")
	require.NotContains(t, ansi.Strip(strings.Join(lines, "\n")), "server2")
	p.SetFilter(s, "7.0.0")
	require.Len(t, p.shown(s), 12, "an address is found by what looks like one")
	require.True(t, ptr(p.SetFilter(s, "127")).Nothing())
	require.Empty(t, p.shown(s))
	require.True(t, ptr(p.Press(s, press("n"))).Nothing())
	require.True(t, ptr(p.Click(s, 1, 1, 60, 20)).Nothing())
}

// A click selects the server whose row, or whose charts, are there.
func TestServersAreClicked(t *testing.T) {
	for _, size := range []struct{ n, w, h int }{{3, 46, 10}, {9, 60, 14}, {3, 70, 20}, {3, 70, 14}, {12, 46, 8}} {
		s, p := sight(canned.Snapshot(size.n)), &Servers{}
		s.Server = "server2"
		_, lines := p.Draw(s, size.w, size.h)
		at := ""
		for y, line := range lines {
			line = ansi.Strip(line)
			if id := strings.Fields(strings.TrimLeft(line, " >") + " -")[0]; strings.HasPrefix(id, "server") && !strings.Contains(line, "127.0.0.1") {
				at = id // a row, not the details below them
				require.Equal(t, at, p.Click(s, 1, y, size.w, size.h).Select, "%v line %d", size, y)
			}
		}
		require.NotEmpty(t, at)
		require.True(t, ptr(p.Click(s, 1, 0, size.w, size.h)).Nothing(), "the heading")
		require.True(t, ptr(p.Click(s, 1, 99, size.w, size.h)).Nothing())
	}
}

// A number that is cut is another number.
func TestNumbersOfServersAreNeverCut(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Servers{}
	v := &s.Snap.Servers[0]
	v.InFlight, v.Queued, v.BaseDelayMS, v.Window.P95MS, v.Window.Requests, v.Window.Failures = 334, 234, 2500, 9876, 10, 10
	_, lines := p.Draw(s, 100, 20)
	require.Contains(t, ansi.Strip(lines[1]), "+234 100+234  9.9s    9% ")
	require.Contains(t, ansi.Strip(lines[1]), "  100%  2.5s ")
}
