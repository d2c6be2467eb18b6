package tui

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/command"
	"slbtui/tui/dialog"
)

// usual are arguments that every command of the command line can do something with.
var usual = map[string]string{
	"slow": "s1 5", "errors": "s1 20%", "delay": "s1 100ms", "stall": "s1", "crash": "s1", "drain": "s1", "undrain": "s1",
	"policy": "p2c", "learner": "q_factored", "shadow": "none", "eps": "0.2", "alpha": "0.3", "gamma": "0.4", "rate": "80", "scenario": "slow5x", "theme": "light", "motion": "off", "hide": "5", "show": "5",
}

// Whatever is pressed and typed, a read-only console orders nothing but a file or a prediction.
func TestReadOnlyChangesNothing(t *testing.T) {
	for _, k := range allKeys() {
		for _, focus := range []string{"1", "3", "5", "6"} {
			m := console(canned.Snapshot(3), 120, 40, Options{ReadOnly: true})
			for _, k := range []string{focus, k, "enter", "enter"} {
				_, cmd := m.Update(press(k))
				run(m, cmd)
				wellFormed(t, m)
			}
			requireHarmless(t, m, k)
		}
	}
	for _, v := range command.Usable(&box.Sight{}) {
		m := console(canned.Snapshot(3), 120, 40, Options{ReadOnly: true})
		commanded(t, m, v.Name+" "+usual[v.Name])
		requireHarmless(t, m, v.Name)
	}
	m := console(canned.Snapshot(3), 120, 40, Options{ReadOnly: true})
	require.Nil(t, m.order(live.ToggleRL{}), "the last gate")
	require.Contains(t, m.toast.text, "read-only: ")
}

func requireHarmless(t *testing.T, m *Model, what string) {
	t.Helper()
	for _, cmd := range m.engine.(*canned.Engine).Orders() {
		require.False(t, live.Changes(cmd), what)
	}
}

// What is refused says so, and what is shown to be of use is not refused.
func TestReadOnlySaysSo(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{ReadOnly: true})
	require.Contains(t, plain(m), "READ-ONLY")
	for _, a := range m.actions {
		m := console(canned.Snapshot(3), 120, 40, Options{ReadOnly: true})
		_, cmd := m.Update(press(a.Keys()[0]))
		if a.steers() {
			require.Nil(t, cmd, a.Help().Key)
			require.Empty(t, m.dialogs, a.Help().Key)
			require.Equal(t, "read-only: "+a.Help().Key+" would change the engine", m.toast.text)
		} else {
			require.NotContains(t, m.toast.text, "read-only", a.Help().Key)
		}
	}
	commanded(t, m, "rate 800")
	require.Contains(t, plain(m), "read-only: rate would change the engine")
}

// A command counts as harmless only if it orders nothing, and as steering only if it does.
func TestEveryCommandIsSorted(t *testing.T) {
	harmless := command.Usable(&box.Sight{ReadOnly: true})
	for _, v := range command.Usable(&box.Sight{}) {
		m := console(canned.Snapshot(3), 120, 40, Options{})
		commanded(t, m, v.Name+" "+usual[v.Name])
		if _, asks := m.top().(*dialog.Confirm); asks {
			_, cmd := m.Update(press("y"))
			run(m, cmd)
		}
		steered := slices.ContainsFunc(m.engine.(*canned.Engine).Orders(), live.Changes)
		require.Equal(t, !steered, slices.ContainsFunc(harmless, func(h command.Verb) bool { return h.Name == v.Name }), v.Name)
	}
}
