package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
	"slbtui/tui/dialog"
)

func TestFilterAndStep(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(12), "/", "r", "1", "enter")
	require.Contains(t, plain(m), "1 Servers /r1")
	for _, step := range []struct{ key, want string }{{"n", "server10"}, {"N", "server1"}, {"N", "server12"}} {
		m.Update(press(step.key))
		require.Equal(t, step.want, m.selected, step.key)
	}
	m.Update(press("esc"))
	require.NotContains(t, plain(m), "/r1")
	require.Equal(t, "server12", m.selected)

	m, _ = typed(t, canned.Snapshot(12), "/", "z", "z", "z")
	require.Contains(t, plain(m), `nothing contains "zzz"`)
	m.Update(press("esc"))
	require.NotContains(t, plain(m), "nothing contains", "esc gives up the filter")

	m, _ = typed(t, canned.Snapshot(3), "2", "/")
	require.Nil(t, m.top())
	require.Contains(t, plain(m), "nothing to search here")
	m.Update(press("n"))
	require.Contains(t, plain(m), "/ filters first")
}

func TestHelpIsSearched(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "?", "/", "e", "p", "s", "i", "x", "backspace")
	require.Contains(t, plain(m), "epsilon (exploration)")
	require.NotContains(t, plain(m), "choose any policy")
	m.Update(press("enter"))
	m.Update(press("j"))
	require.IsType(t, &dialog.Help{}, m.top())
}
