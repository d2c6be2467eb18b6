package tui

import "slices"

// steering are the groups of keys that change the engine.
var steering = []string{"Routing", "Learning", "Servers and traffic"}

func (a *action) steers() bool { return slices.Contains(steering, a.group) }

// usableActions are those of the key map that can do something here: read-only, what is harmless.
func (m *Model) usableActions() []action {
	return slices.DeleteFunc(slices.Clone(m.actions), func(a action) bool {
		return m.readOnly() && a.steers() || !m.away() && a.Help().Key == balancersKey
	})
}
