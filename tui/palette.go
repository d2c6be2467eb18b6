package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/theme"
)

// paint changes the theme; every pane is drawn anew.
func (m *Model) paint(name string) tea.Cmd {
	m.opts.Theme = name // what the terminal says of its background counts no more
	m.retheme(name)
	m.say(false, "theme "+theme.Named(name).Name+": "+theme.Named(name).Summary)
	return m.prefer("theme", name)
}

func (m *Model) retheme(name string) {
	p := theme.Named(name)
	if m.sixteen {
		p = p.InSixteen()
	}
	m.theme, m.drawn = theme.New(p, m.opts.Symbols), [panes]draw{}
}
