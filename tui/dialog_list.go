package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// item is one choice of a list.
type item struct{ name, summary string }

// list lets one of several be chosen.
type list struct {
	heading string
	items   []item
	at      int
	first   int
	chosen  func(i int) answer
}

func (l *list) title() string { return l.heading }

func (l *list) press(k tea.KeyPressMsg) answer {
	n := len(l.items)
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
		return answer{close: true}
	case "enter":
		return l.chosen(l.at)
	default:
		if len(s) == 1 && s[0] >= '1' && int(s[0]-'1') < n {
			return l.chosen(int(s[0] - '1'))
		}
	}
	return answer{}
}

func (l *list) paste(string) {}

func (l *list) lines(t *theme.Theme, w, h int) []string {
	name := 0
	for _, it := range l.items {
		name = max(name, ansi.StringWidth(it.name))
	}
	beside := max(w-name-4, 0)
	below := l.below(t, beside, w, h-1-min(len(l.items), 3))
	rows := max(h-2-len(below), 1)
	l.first = box.Visible(l.first, l.at, len(l.items), rows)
	var out []string
	for i := l.first; i < min(l.first+rows, len(l.items)); i++ {
		it := l.items[i]
		lead, style := "  ", t.Plain
		if i == l.at {
			lead, style = t.Title.On(t.Glyphs.Cursor)+" ", t.Title
		}
		summary := ansi.Truncate(it.summary, beside, t.Glyphs.Ellipsis)
		out = append(out, lead+style.On(format.Fit(it.name, name))+"  "+t.Dim.On(summary))
	}
	if h > len(l.items)+2+len(below) || len(below) == 0 {
		out = append(out, "")
	}
	for _, line := range below {
		out = append(out, t.Dim.On(line))
	}
	return append(out, t.KeyLine(w, theme.Hint{"j k", "move"}, theme.Hint{"enter", "choose"}, theme.Hint{"esc", "back"}))
}

// below is the summary of the item chosen, where some summary doesn't fit beside its name: always as
// many lines, at most room, so that nothing moves.
func (l *list) below(t *theme.Theme, beside, w, room int) []string {
	most, cut := 0, false
	for _, it := range l.items {
		most = max(most, len(format.Wrap(it.summary, w)))
		cut = cut || ansi.StringWidth(it.summary) > beside
	}
	most = min(most, room)
	if !cut || most < 1 {
		return nil
	}
	lines := format.Wrap(l.items[l.at].summary, w)
	if len(lines) > most {
		lines[most-1] = ansi.Truncate(lines[most-1]+" "+lines[most], w-ansi.StringWidth(t.Glyphs.Ellipsis), "") + t.Glyphs.Ellipsis
	}
	return append(lines, make([]string, most)...)[:most]
}

func (m *Model) askPolicy() tea.Cmd {
	return m.choosePolicy("Who routes?", m.snap.Policy, func(live.PolicyInfo) bool { return true },
		func(name string) live.Command { return live.SetPolicy{Name: name} })
}

func (m *Model) askLearner() tea.Cmd {
	return m.choosePolicy("Which learner is RL?", m.snap.RL, func(p live.PolicyInfo) bool { return p.Learner },
		func(name string) live.Command { return live.SetLearner{Name: name} })
}

func (m *Model) choosePolicy(heading, now string, wanted func(live.PolicyInfo) bool, cmd func(string) live.Command) tea.Cmd {
	var items []item
	for _, p := range m.snap.Policies {
		if wanted(p) {
			items = append(items, item{p.Name, p.Summary})
		}
	}
	if len(items) == 0 {
		return m.complain("the engine names no policies yet")
	}
	at := max(0, slices.IndexFunc(items, func(it item) bool { return it.name == now }))
	m.openOld(&list{heading: heading, items: items, at: at, chosen: func(i int) answer {
		return answer{close: true, cmd: cmd(items[i].name)}
	}})
	return nil
}
