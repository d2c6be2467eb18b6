package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// search reads the filter of the focused pane in the footer's place; the pane follows every key.
type search struct {
	m    *Model
	pane paneID
	in   textinput.Model
}

// askFilter begins to type what the focused pane shall show.
func (m *Model) askFilter() tea.Cmd {
	if _, ok := m.panes[m.focus].(box.Filterer); !ok {
		return m.complain("nothing to search here: servers, Q-table and events can be filtered")
	}
	in := box.NewInput(40)
	in.SetValue(m.filterOf(m.focus))
	in.CursorEnd()
	m.openOld(&search{m: m, pane: m.focus, in: in})
	return nil
}

func (s *search) title() string { return "" }

func (s *search) press(k tea.KeyPressMsg) answer {
	if k.String() == "enter" || k.String() == "backspace" && s.in.Value() == "" {
		return answer{close: true}
	}
	s.in, _ = s.in.Update(k)
	s.m.filter(s.pane, s.in.Value())
	return answer{}
}

func (s *search) paste(text string) {
	s.in, _ = s.in.Update(tea.PasteMsg{Content: text})
	s.m.filter(s.pane, s.in.Value())
}

// cancel forgets the filter: esc goes back to all.
func (s *search) cancel() { s.m.filter(s.pane, "") }

func (s *search) lines(*theme.Theme, int, int) []string { return nil }

// line stands in the footer's place.
func (s *search) line(t *theme.Theme, w int) string {
	value := s.in.Value()
	return format.Fit(" "+t.Key.On("/")+theme.BeforeCursor(value, s.in.Position())+t.CursorOn(value, s.in.Position(), "")+
		"  "+t.Dim.On("in "+s.m.title(s.pane))+"   "+t.KeyLine(w-ansi.StringWidth(value+s.m.title(s.pane))-10, theme.Hint{"enter", "keep"}, theme.Hint{"n N", "then next, previous"}, theme.Hint{"esc", "show all"}), w)
}
