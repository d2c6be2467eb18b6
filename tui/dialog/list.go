package dialog

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Item is one choice of a List, and what is done when it is chosen.
type Item struct {
	Name, Summary string
	Act           box.Act
}

// List lets one of several be chosen.
type List struct {
	Heading string
	Items   []Item
	at      int // the item that has the cursor
	first   int // item shown
}

// Title is the question.
func (l *List) Title(*box.Sight) string { return l.Heading }

// Press moves the cursor, or chooses: enter the item at it, a digit that of its number.
func (l *List) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	n := len(l.Items)
	switch s := k.String(); s {
	case "down", "j", "tab":
		l.at = (l.at + 1) % n
	case "up", "k", "shift+tab":
		l.at = (l.at + n - 1) % n
	case "g", "home":
		l.at = 0
	case "G", "end":
		l.at = n - 1
	case "q":
		return box.Act{Close: true}
	case "enter":
		return l.chosen(l.at)
	default:
		if len(s) == 1 && s[0] >= '1' && int(s[0]-'1') < n {
			return l.chosen(int(s[0] - '1'))
		}
	}
	return box.Act{}
}

// chosen closes the list and does what the i-th item says.
func (l *List) chosen(i int) box.Act {
	act := l.Items[i].Act
	act.Close = true
	return act
}

// Draw has a line for each item, the summary of the one at the cursor where there is no room beside the names, and the keys.
func (l *List) Draw(s *box.Sight, w, h int) (string, []string) {
	t := s.Theme
	name := 0
	for _, it := range l.Items {
		name = max(name, ansi.StringWidth(it.Name))
	}
	beside := max(w-name-4, 0)
	below := l.below(t, beside, w, h-1-min(len(l.Items), 3))
	rows := max(h-2-len(below), 1)
	l.first = box.Visible(l.first, l.at, len(l.Items), rows)
	var out []string
	for i := l.first; i < min(l.first+rows, len(l.Items)); i++ {
		it := l.Items[i]
		lead, style := "  ", t.Plain
		if i == l.at {
			lead, style = t.Title.On(t.Glyphs.Cursor)+" ", t.Title
		}
		summary := ansi.Truncate(it.Summary, beside, t.Glyphs.Ellipsis)
		out = append(out, lead+style.On(format.Fit(it.Name, name))+"  "+t.Dim.On(summary))
	}
	if h > len(l.Items)+2+len(below) || len(below) == 0 {
		out = append(out, "")
	}
	for _, line := range below {
		out = append(out, t.Dim.On(line))
	}
	return "", append(out, t.KeyLine(w, theme.Hint{"j k", "move"}, theme.Hint{"enter", "choose"}, theme.Hint{"esc", "back"}))
}

// below is the summary of the item chosen, where some summary doesn't fit beside its name: always as
// many lines, at most room, so that nothing moves.
func (l *List) below(t *theme.Theme, beside, w, room int) []string {
	most, cut := 0, false
	for _, it := range l.Items {
		most = max(most, len(format.Wrap(it.Summary, w)))
		cut = cut || ansi.StringWidth(it.Summary) > beside
	}
	most = min(most, room)
	if !cut || most < 1 {
		return nil
	}
	lines := format.Wrap(l.Items[l.at].Summary, w)
	if len(lines) > most {
		lines[most-1] = ansi.Truncate(lines[most-1]+" "+lines[most], w-ansi.StringWidth(t.Glyphs.Ellipsis), "") + t.Glyphs.Ellipsis
	}
	return append(lines, make([]string, most)...)[:most]
}

// AskPolicy asks who shall route.
func AskPolicy(s *box.Sight) box.Act {
	return choosePolicy(s, "Who routes?", s.Snap.Policy, func(live.PolicyInfo) bool { return true },
		func(name string) live.Command { return live.SetPolicy{Name: name} })
}

// AskLearner asks which learner RL shall be.
func AskLearner(s *box.Sight) box.Act {
	return choosePolicy(s, "Which learner is RL?", s.Snap.RL, func(p live.PolicyInfo) bool { return p.Learner },
		func(name string) live.Command { return live.SetLearner{Name: name} })
}

func choosePolicy(s *box.Sight, heading, now string, wanted func(live.PolicyInfo) bool, cmd func(string) live.Command) box.Act {
	l := &List{Heading: heading}
	for _, p := range s.Snap.Policies {
		if wanted(p) {
			l.offer(Item{p.Name, p.Summary, box.Act{Command: cmd(p.Name)}}, now)
		}
	}
	if len(l.Items) == 0 {
		return box.Complain("the engine names no policies yet")
	}
	return box.Act{Open: l}
}

// AskScenario asks which scenario shall be played.
func AskScenario(s *box.Sight) box.Act {
	l, now := &List{Heading: "Which scenario?"}, ""
	if s.Snap.Scenario != nil {
		now = s.Snap.Scenario.Name
	}
	for _, v := range s.Snap.Scenarios {
		if v.Refused == "" {
			l.offer(Item{v.Name, v.About, box.Act{Command: live.PlayScenario{Name: v.Name}}}, now)
		}
	}
	switch {
	case len(l.Items) > 0:
		return box.Act{Open: l}
	case len(s.Snap.Scenarios) > 0:
		return box.Complain(s.Snap.Scenarios[0].Refused)
	}
	return box.Complain("the engine names no scenarios yet")
}

// offer adds an item; the cursor begins at the one named now.
func (l *List) offer(it Item, now string) {
	if l.Items = append(l.Items, it); it.Name == now {
		l.at = len(l.Items) - 1
	}
}
