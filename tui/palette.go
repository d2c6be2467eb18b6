package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

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
	switch {
	case m.colours == colorprofile.ANSI:
		p = p.InSixteen()
	case m.colours < colorprofile.ANSI:
		p = p.Colourless()
	}
	m.theme, m.drawn = theme.New(p, m.opts.Symbols), [panes]draw{}
}
