package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/pane"
)

// newPanes are the panes. Those that are nil still draw on the Model.
func newPanes() [panes]box.Box {
	return [panes]box.Box{
		paneEvents: &pane.Events{},
	}
}

// paneKeys adds the keys that panes have of their own to a key map, each at the end of its group.
func paneKeys(all []action, shown []box.Box) []action {
	for id, p := range shown {
		keyed, ok := p.(box.Keyed)
		if !ok {
			continue
		}
		for _, k := range keyed.Keys() {
			at := len(all)
			for i := range all {
				if all[i].group == k.Group {
					at = i + 1
				}
			}
			all = slices.Insert(all, at, action{k.Binding, k.Group, func(m *Model, k tea.KeyPressMsg) tea.Cmd {
				return m.pressPane(paneID(id), k)
			}})
		}
	}
	return all
}

// sight is what dialogs and keys see.
func (m *Model) sight() box.Sight {
	return box.Sight{
		Snap: m.snap, Latest: m.latest, Theme: m.theme, Asked: m.orders.Asked(), Server: m.selected,
		Window: windows[m.window], Place: m.place(), ReadOnly: m.opts.ReadOnly,
	}
}

// sightOf is what a pane sees: while the view is frozen, nothing of what is newer.
func (m *Model) sightOf(id paneID) box.Sight {
	s := m.sight()
	s.Latest, s.Focused = s.Snap, id == m.focus
	return s
}

func (m *Model) place() box.Place {
	switch {
	case m.zoomed:
		return box.Zoomed
	case m.w < fullW || m.h < fullH:
		return box.Only
	}
	return box.Beside
}

// pressed gives a key to a pane, which may look different then.
func (m *Model) pressed(id paneID, k tea.KeyPressMsg) box.Act {
	s := m.sightOf(id)
	m.drawn[id].look = look{}
	return m.panes[id].Press(&s, k)
}

func (m *Model) pressPane(id paneID, k tea.KeyPressMsg) tea.Cmd { return m.carryOut(m.pressed(id, k)) }

// toPane gives a key to the focused pane, or does what is done to those that still draw on the Model.
func toPane(otherwise func(*Model, tea.KeyPressMsg) tea.Cmd) func(*Model, tea.KeyPressMsg) tea.Cmd {
	return func(m *Model, k tea.KeyPressMsg) tea.Cmd {
		if m.panes[m.focus] == nil {
			return otherwise(m, k)
		}
		return m.pressPane(m.focus, k)
	}
}

// wheelPane scrolls the focused pane by three lines, or to the next of what can be selected.
func (m *Model) wheelPane(k tea.KeyPressMsg) tea.Cmd {
	for range wheelLines {
		if act := m.pressed(m.focus, k); !act.Nothing() {
			return m.carryOut(act)
		}
	}
	return nil
}

// filterOf is the filter of a pane, "" when it has none.
func (m *Model) filterOf(id paneID) string {
	if f, ok := m.panes[id].(box.Filterer); ok {
		return f.Filter()
	}
	return string(m.filters[id])
}

// carryOut does what a box wants done.
func (m *Model) carryOut(a box.Act) tea.Cmd {
	var then []tea.Cmd
	if a.Close {
		m.closeDialog()
	}
	if a.Select != "" {
		m.selected = a.Select
	}
	if a.Open != nil {
		m.open(a.Open)
	}
	if a.Keep != (box.Preference{}) {
		then = append(then, m.keep(a.Keep))
	}
	if a.Say != "" {
		m.say(a.Bad, a.Say)
	}
	switch a.Do {
	case box.Quit:
		then = append(then, tea.Quit)
	case box.Freeze:
		m.freeze()
	case box.Help:
		m.openOld(newHelp(m))
	}
	if a.Command != nil {
		then = append(then, m.order(a.Command))
	}
	return tea.Batch(then...)
}

// keep makes a preference so, and remembers it.
func (m *Model) keep(p box.Preference) tea.Cmd {
	switch p.Name {
	case "theme":
		return m.paint(p.Value)
	case "symbols":
		return m.useSymbols(p.Value)
	case "mouse":
		return m.useMouse(p.Value)
	}
	return m.prefer(p.Name, p.Value) // of a pane, which has made it so
}

// act wraps what a dialog's package does with a key.
func act(f func(*box.Sight) box.Act) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		s := m.sight()
		return m.carryOut(f(&s))
	}
}
