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
	"slbtui/tui/theme"
)

func sight(snap *live.Snapshot) *box.Sight {
	return &box.Sight{Snap: snap, Latest: snap, Theme: theme.New(theme.Named("dark"), "ascii")}
}

func TestEvents(t *testing.T) {
	s, e := sight(canned.Snapshot(3)), &Events{}
	draw := func(h int) (string, string) {
		aside, lines := e.Draw(s, 40, h)
		return ansi.Strip(aside), ansi.Strip(strings.Join(lines, "\n"))
	}
	aside, lines := draw(2)
	require.Equal(t, "7 so far", aside)
	require.Equal(t, " 01:20 load   offering 50 requests/s\n 01:12 WARN   server2: 3 requests fail..", lines)

	require.True(t, ptr(e.Press(s, press("G"))).Nothing())
	_, lines = draw(2)
	require.Contains(t, lines, "listening on", "the oldest is last")
	e.Press(s, press("n"))
	_, lines = draw(2)
	require.Contains(t, lines, "offering", "around the end")

	e.SetFilter(s, "server1")
	aside, lines = draw(5)
	require.Equal(t, "2 of 7 so far", aside)
	require.Len(t, strings.Split(lines, "\n"), 2)
	e.SetFilter(s, "zzz")
	_, lines = draw(5)
	require.Contains(t, lines, "nothing contains")
	e.SetFilter(s, "server2")
	s.Place = box.Only
	_, lines = draw(5)
	require.Equal(t, " 01:12 WARN   server2: 3 requests failed\n              in one second", lines, "in full where it is alone")
	require.Contains(t, ansi.Strip(strings.Join(second(new(Events).Draw(sight(&live.Snapshot{}), 60, 5)), "\n")), "nothing has happened yet")
}

func ptr(a box.Act) *box.Act { return &a }

func second(_ string, lines []string) []string { return lines }

// press makes the message of a key that is a letter.
func press(k string) tea.KeyPressMsg { return tea.KeyPressMsg{Code: rune(k[0]), Text: k} }
