// Package dialog has the boxes that stand over the panes and have the keyboard: questions, sheets, help. Each is
// a box.Box that says what it wants done and never does it.
package dialog

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Confirm asks before something that can't be undone.
type Confirm struct {
	Question string
	Warning  string
	Command  live.Command // on yes
}

// Title is the question.
func (c *Confirm) Title(*box.Sight) string { return c.Question }

// Press takes yes or no.
func (c *Confirm) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "y", "Y", "enter":
		return box.Act{Close: true, Command: c.Command}
	case "n", "N", "q":
		return box.Act{Close: true}
	}
	return box.Act{}
}

// Draw is the warning and the keys.
func (c *Confirm) Draw(s *box.Sight, w, _ int) (string, []string) {
	return "", append(format.Wrap(c.Warning, w), "", s.Theme.KeyLine(w, theme.Hint{"y", "yes"}, theme.Hint{"n", "no"}))
}

// AskReset asks whether the learner shown shall forget.
func AskReset(s *box.Sight) box.Act {
	l := words.Learner(s.Snap)
	if l == nil {
		return box.Complain("there is no learner to reset")
	}
	return box.Act{Open: &Confirm{
		Question: "Reset " + l.Name + "?",
		Warning:  "It forgets " + format.Count(l.Table.Updates) + " updates and starts cold.",
		Command:  live.ResetLearner{Name: l.Name},
	}}
}

// AskRate asks whether the load shall grow to so many times what the run began with: whoever holds a key down
// sees too late what it has done. The key itself is no answer.
func AskRate(to live.SetRate, start float64) box.Act {
	return box.Act{Open: &Confirm{
		Question: "Offer " + format.Rate(to.Rate) + " requests/s?",
		Warning:  "The run began with " + format.Rate(start) + ". What is too much for the servers waits there, and then fails.",
		Command:  to,
	}}
}

// AskStop asks whether the selected server shall be stopped.
func AskStop(s *box.Sight) box.Act {
	v, no := Simulated(s)
	if v == nil {
		return no
	}
	return box.Act{Open: &Confirm{
		Question: "Stop " + v.ID + "?",
		Warning:  "Its listener closes and its connections are cut, until S heals it.",
		Command:  live.SetFault{Server: v.ID, Fault: fault.Fault{Crash: true}},
	}}
}

// Simulated returns the selected server if faults can be injected into it, otherwise nil and why not.
func Simulated(s *box.Sight) (*live.Server, box.Act) {
	v := s.Selected()
	switch {
	case v == nil:
		return nil, box.Complain("no server is selected")
	case !v.Simulated:
		return nil, box.Complain(words.NotSimulated(v.ID))
	}
	return v, box.Act{}
}
