package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

// v and o are the focused pane's, and the Q-table's where that has none.
func TestPaneKeysGoToTheFocusedPane(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	m.Update(press("5"))
	m.Update(press("v"))
	require.Contains(t, plain(m), "Q-table as heat map")
	m.Update(press("2"))
	m.Update(press("v"))
	require.Contains(t, plain(m), "latency as heat map")
	require.Contains(t, plain(m), "many answers")
	m.Update(press("v"))
	require.Contains(t, plain(m), "latency as histogram")
	m.Update(press("3"))
	m.Update(press("v"))
	require.Contains(t, plain(m), "Q-table as values", "a joint table has no policy map")
	m.Update(press("?"))
	m.Update(press("/"))
	for _, k := range []string{"h", "i", "s", "t", "o", "g"} {
		m.Update(press(k))
	}
	require.Contains(t, plain(m), "latency as lines, heat map, histogram; Q-table")
}
