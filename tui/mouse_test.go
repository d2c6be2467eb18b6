package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

// at finds text on the screen.
func at(t *testing.T, m *Model, text string) (x, y int) {
	t.Helper()
	for y, line := range strings.Split(ansi.Strip(m.View().Content), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			return ansi.StringWidth(before), y
		}
	}
	require.Fail(t, "not on the screen", text)
	return 0, 0
}

func TestClicks(t *testing.T) {
	for _, size := range []struct{ w, h, n int }{{80, 24, 3}, {120, 40, 9}, {200, 60, 3}, {80, 24, 9}} {
		m := console(canned.Snapshot(size.n), size.w, size.h, Options{})
		for _, id := range []string{"server3", "server2"} {
			x, y := at(t, m, id+" ok")
			m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
			require.Equal(t, id, m.selected, "%v", size)
		}
		for id := range panes {
			if id == paneFlow && size.w < bandW || id == paneFleet {
				continue // there while it has the focus, or where there are replicas
			}
			x, y := at(t, m, fmt.Sprintf("%d %s", id+1, m.title(id)))
			m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
			require.Equal(t, id, m.focus)
		}
	}
	m := console(canned.Snapshot(3), 40, 10, Options{})
	x, y := at(t, m, "5 Ev")
	m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	require.Equal(t, paneEvents, m.focus)
}

// firstRow is the first row of the Q-table that is shown, counted from 1: 0 when the pane doesn't say.
func firstRow(m *Model) int {
	found := rowsShown.FindStringSubmatch(plain(m))
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

var rowsShown = regexp.MustCompile(`3 Q-table.*? (\d+)-\d+/\d+ `)

func TestWheel(t *testing.T) {
	m := console(canned.Snapshot(12), 80, 24, Options{})
	x, y := at(t, m, "3 Q-table")
	down := tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelDown}
	m.Update(down)
	require.Equal(t, paneQTable, m.focus)
	require.Equal(t, 1+wheelLines, firstRow(m))
	x, y = at(t, m, "server2")
	m.Update(tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelDown})
	require.Equal(t, "server2", m.selected)
	m.Update(press("?"))
	require.Contains(t, plain(m), "Words: Servers")
	m.Update(down)
	require.NotContains(t, plain(m), "Words: Servers", "help scrolls")
}

func TestMouseAndTitle(t *testing.T) {
	require.Equal(t, tea.MouseModeCellMotion, console(canned.Snapshot(3), 80, 24, Options{}).View().MouseMode)
	m := console(canned.Snapshot(3), 80, 24, Options{NoMouse: true})
	require.Equal(t, tea.MouseModeNone, m.View().MouseMode)
	require.Equal(t, "slbtui RL q_learning 28%", m.View().WindowTitle)
}

func TestCopiesThePane(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "5", "z")
	m.View()
	_, cmd := m.Update(press("y"))
	copied := fmt.Sprint(cmd())
	require.Contains(t, copied, "server1: slow x5 for 20s")
	require.NotContains(t, copied, "\x1b")
	require.Contains(t, plain(m), "Events copied")
}
