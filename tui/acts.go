package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
)

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
