package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/pane"
	"slbtui/tui/words"
)

// What dialogs and plain text that still know the Model ask of it.

func (m *Model) server() *live.Server {
	s := m.sight()
	return s.Selected()
}

func (m *Model) serverIndex() int {
	s := m.sight()
	return s.Index()
}

func (m *Model) learner() *live.Learner { return words.Learner(m.snap) }

func (m *Model) param(l *live.Learner, name string) (string, bool) {
	s := m.sight()
	return s.Param(l, name)
}

func (m *Model) moveServer(d int) {
	k := tea.KeyPressMsg{Code: tea.KeyDown}
	if d < 0 {
		k.Code = tea.KeyUp
	}
	m.pressPane(paneServers, k)
}

func (m *Model) qrows(l *live.Learner) []*qlearn.Row { return pane.MostUsed(l) }

func visits(r *qlearn.Row) uint64 { return pane.Visits(r) }

func (m *Model) versus(w int) []string {
	s := m.sight()
	return pane.Versus(&s, w)
}
