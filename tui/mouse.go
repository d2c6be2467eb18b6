package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
)

const wheelLines = 3

// click focuses the pane under the mouse, and tells it where.
func (m *Model) click(x, y int) tea.Cmd {
	if m.top() != nil || m.w < minW || m.h < minH {
		return nil
	}
	l := m.layout()
	if l.tabs.w > 0 && y == l.tabs.y {
		if id := tabAt(m.tabs(), x); id >= 0 {
			m.focus = id
		}
		return nil
	}
	id := paneUnder(&l, x, y)
	if id < 0 {
		return nil
	}
	m.focus = id
	if c, ok := m.panes[id].(box.Clicker); ok {
		r := l.panes[id]
		s := m.sightOf(id)
		act := c.Click(&s, x-r.x-1, y-r.y-1, r.w-2, r.h-2)
		m.drawn[id].look = look{}
		return m.carryOut(act)
	}
	return nil
}

// wheel scrolls the dialog, or the pane under the mouse.
func (m *Model) wheel(x, y int, down bool) tea.Cmd {
	k := tea.KeyPressMsg{Code: tea.KeyUp}
	if down {
		k.Code = tea.KeyDown
	}
	if d := m.top(); d != nil {
		return m.pressDialog(d, k)
	}
	if m.w < minW || m.h < minH {
		return nil
	}
	l := m.layout()
	if id := paneUnder(&l, x, y); id >= 0 {
		m.focus = id
	}
	return m.wheelPane(k)
}

func paneUnder(l *layout, x, y int) paneID {
	for id, r := range l.panes {
		if x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h {
			return paneID(id)
		}
	}
	return -1
}

// copyPane puts the focused pane's text on the clipboard of the terminal (OSC 52).
func (m *Model) copyPane() tea.Cmd {
	text := ""
	for _, line := range m.drawn[m.focus].lines {
		text += ansi.Strip(line) + "\n"
	}
	m.say(false, m.title(m.focus)+" copied, if the terminal lets programs copy")
	return tea.SetClipboard(text)
}
