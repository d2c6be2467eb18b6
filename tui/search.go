package tui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// search reads the filter of the focused pane in the footer's place; the pane follows every key.
type search struct {
	m    *Model
	pane paneID
	in   textinput.Model
}

// askFilter begins to type what the focused pane shall show.
func (m *Model) askFilter() tea.Cmd {
	if m.focus == paneLatency || m.focus == paneLearning {
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
		"  "+t.Dim.On("in "+paneNames[s.pane])+"   "+t.KeyLine(w-ansi.StringWidth(value+paneNames[s.pane])-10, theme.Hint{"enter", "keep"}, theme.Hint{"n N", "then next, previous"}, theme.Hint{"esc", "show all"}), w)
}

// filter makes a pane show only what contains text.
func (m *Model) filter(id paneID, text string) {
	if f, ok := m.panes[id].(box.Filterer); ok {
		s := m.sightOf(id)
		m.carryOut(f.SetFilter(&s, text))
		return
	}
	m.filters[id], m.scroll[id] = box.Filter(text), 0
	if id == paneServers {
		m.moveServer(0)
	}
}

// step goes to the next (1) or the previous (-1) line that the filter lets through, around the end.
func (m *Model) step(k tea.KeyPressMsg) tea.Cmd {
	d := int(direction(k, "N"))
	if m.filterOf(m.focus) == "" {
		return m.complain("nothing to step through: / filters first")
	}
	if m.panes[m.focus] != nil {
		return m.pressPane(m.focus, k)
	}
	rows := m.shownServers()
	if n := len(rows); m.focus == paneServers && n > 0 {
		at := 0
		for i, r := range rows {
			if m.snap.Servers[r].ID == m.selected {
				at = i
			}
		}
		m.selected = m.snap.Servers[rows[(at+d+n)%n]].ID
		return nil
	}
	before := m.scroll[m.focus]
	m.move(d)
	if m.focus != paneServers && m.scroll[m.focus] == before {
		m.move(-d * 1 << 30)
	}
	return nil
}

// shownServers are the indices of the servers that the filter lets through. Addresses have digits in
// common, so they are looked at only for what looks like one.
func (m *Model) shownServers() []int {
	var rows []int
	f := m.filters[paneServers]
	for i := range m.snap.Servers {
		if s := &m.snap.Servers[i]; f.Lets(s.ID, string(s.State), s.Health, words.FaultFor(s)) || strings.ContainsAny(string(f), ".:") && f.Lets(s.Addr) {
			rows = append(rows, i)
		}
	}
	return rows
}

// filtered are the rows of a table that the filter lets through.
func (m *Model) filtered(rows []qlearn.Row) []*qlearn.Row {
	out := make([]*qlearn.Row, 0, len(rows))
	for i := range rows {
		if m.filters[paneQTable].Lets(rows[i].Label, words.Briefer.Replace(rows[i].Label), words.Letters.Replace(rows[i].Label)) {
			out = append(out, &rows[i])
		}
	}
	return out
}
