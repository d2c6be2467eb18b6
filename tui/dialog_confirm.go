package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// confirm asks before something that can't be undone.
type confirm struct {
	question string
	warning  string
	cmd      live.Command
}

func (c *confirm) title() string { return c.question }

func (c *confirm) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "y", "Y", "enter":
		return answer{close: true, cmd: c.cmd}
	case "n", "N", "q":
		return answer{close: true}
	}
	return answer{}
}

func (c *confirm) paste(string) {}

func (c *confirm) lines(t *theme.Theme, w, _ int) []string {
	return append(format.Wrap(c.warning, w), "", t.KeyLine(w, theme.Hint{"y", "yes"}, theme.Hint{"n", "no"}))
}

func (m *Model) askReset() tea.Cmd {
	l := m.learner()
	if l == nil {
		return m.complain("there is no learner to reset")
	}
	m.open(&confirm{
		question: "Reset " + l.Name + "?",
		warning:  "It forgets " + format.Count(l.Table.Updates) + " updates and starts cold.",
		cmd:      live.ResetLearner{Name: l.Name},
	})
	return nil
}

func (m *Model) askStop() tea.Cmd {
	s, no := m.simulated()
	if s == nil {
		return no
	}
	m.open(&confirm{
		question: "Stop " + s.ID + "?",
		warning:  "Its listener closes and its connections are cut, until S heals it.",
		cmd:      live.SetFault{Server: s.ID, Fault: live.Fault{Crash: true}},
	})
	return nil
}
