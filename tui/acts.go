package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/command"
	"slbtui/tui/dialog"
)

// sight is what dialogs and keys see.
func (m *Model) sight() box.Sight {
	return box.Sight{
		Snap: m.snap, Latest: m.latest, Theme: m.theme, Asked: m.orders.Asked(), Server: m.selected,
		Window: windows[m.window], Place: m.place(), ReadOnly: m.readOnly(),
	}
}

// sightOf is what a pane sees: while the view is frozen, nothing of what is newer.
func (m *Model) sightOf(id paneID) box.Sight {
	s := m.sight()
	s.Latest, s.Focused = s.Snap, id == m.focus
	if _, ok := m.panes[id].(box.Mover); ok {
		s.Moment = m.motion.moment()
	}
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
		m.open(m.help())
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
	case "motion":
		return m.useMotion(p.Value)
	case "hide":
		return m.hide(p.Value)
	case "show":
		return m.show(p.Value)
	case "tour":
		return m.beginTour()
	}
	return m.prefer(p.Name, p.Value) // of a pane, which has made it so
}

// help lists the keys and commands that are of use.
func (m *Model) help() *dialog.Help {
	s := m.sight()
	var all []dialog.Entry
	for _, a := range m.usableActions() {
		all = append(all, dialog.Entry{Group: a.group, Key: a.Help().Key, Text: a.Help().Desc})
	}
	for _, v := range command.Usable(&s) {
		all = append(all, dialog.Entry{Group: "Command line", Key: ":" + v.Usage(), Text: v.Help})
	}
	if m.away() {
		for i := range all {
			if text, ok := awayWords[strings.Fields(all[i].Key)[0]]; ok {
				all[i].Text = text
			}
		}
	}
	return dialog.NewHelp(&s, all, m.title(m.focus))
}
