package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine"
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

func (l *list) lines(t *theme, w, h int) []string {
	name := 0
	for _, it := range l.items {
		name = max(name, ansi.StringWidth(it.name))
	}
	chosen, room := l.items[l.at].summary, max(w-name-6, 0)
	var whole []string // the chosen item's summary, where a line can't hold all of each
	if slices.ContainsFunc(l.items, func(it item) bool { return ansi.StringWidth(it.summary) > room }) && h >= 12 {
		whole = append(append([]string{""}, wrapped(chosen, w, t.plain)...), make([]string, 3)...)[:4]
	}
	rows := max(h-2-len(whole), 1)
	l.first = visible(l.first, l.at, len(l.items), rows)
	var out []string
	for i := l.first; i < min(l.first+rows, len(l.items)); i++ {
		it := l.items[i]
		lead, style := "  ", t.plain
		if i == l.at {
			lead, style = t.title.on(t.glyphs.cursor)+" ", t.title
		}
		summary := ansi.Truncate(it.summary, room, t.glyphs.ellipsis)
		out = append(out, lead+style.on(fit(it.name, name))+"  "+t.dim.on(summary))
	}
	return append(append(out, whole...), "", t.key.on("j k")+" move   "+t.key.on("enter")+" choose   "+t.key.on("esc")+" back")
}

func (m *Model) askPolicy() tea.Cmd {
	return m.choosePolicy("Who routes?", m.snap.Policy, func(engine.PolicyInfo) bool { return true },
		func(name string) engine.Command { return engine.SetPolicy{Name: name} })
}

func (m *Model) askLearner() tea.Cmd {
	return m.choosePolicy("Which learner is RL?", m.snap.RL, func(p engine.PolicyInfo) bool { return p.Learner },
		func(name string) engine.Command { return engine.SetLearner{Name: name} })
}

func (m *Model) choosePolicy(heading, now string, wanted func(engine.PolicyInfo) bool, cmd func(string) engine.Command) tea.Cmd {
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
	m.open(&list{heading: heading, items: items, at: at, chosen: func(i int) answer {
		return answer{close: true, cmd: cmd(items[i].name)}
	}})
	return nil
}
