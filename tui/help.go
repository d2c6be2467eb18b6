package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// help lists the key map and the command line's commands. It is made from the tables that dispatch,
// so it can't be wrong.
type help struct {
	box.Scroll
	entries []entry
	sought  string // only entries that contain it are shown
	typing  bool
}

type entry struct{ group, key, text string }

func newHelp(m *Model) *help {
	h := &help{}
	for _, a := range m.usableActions() {
		h.entries = append(h.entries, entry{a.group, a.Help().Key, a.Help().Desc})
	}
	for _, v := range m.usableVerbs() {
		h.entries = append(h.entries, entry{"Command line", ":" + v.usage(), v.help})
	}
	h.entries = append(h.entries, glossary...)
	h.entries = append(h.entries, entry{"Words", "|" + m.theme.Glyphs.Delta + "Q|", "how much the table still changes; it sinks as that settles"})
	return h
}

// glossary says what is shown under a word of its own.
var glossary = []entry{
	{"Words", "50→48 rps", "requests a second: wanted, answered"},
	{"Words", "ACT+Q", "requests a server works on, and those that wait there"},
	{"Words", "TREND", "p95 over the time window"},
	{"Words", "reward", "what the learner got: -ms/10, nearer to 0 is faster"},
	{"Words", "Q", "reward to expect: -5.2 is 52 ms; with gamma, what follows too"},
	{"Words", "* [ ] >", "best server of a row, the last decision, its row"},
	{"Words", "(lo,md,hi)", "a state: each server's load in turn, low, medium or high"},
	{"Words", "in shadow", "learns from the requests that another policy routes"},
	{"Words", "warm", "had learned before it took over"},
	{"Words", "dropped", "requests that were due but not sent: too many were open"},
	{"Words", "regret", "ms over each request's best server; a failure is 10 s"},
	{"Words", "95%", "where the change of the mean lies in 95 of 100 such runs"},
}

func (h *help) title() string { return "Keys" }

func (h *help) press(k tea.KeyPressMsg) answer {
	if h.typing {
		h.search(k)
		return answer{}
	}
	switch k.String() {
	case "/":
		h.typing = true
	case "?", "q", "enter":
		return answer{close: true}
	default:
		h.Move(k.String())
	}
	return answer{}
}

func (h *help) search(k tea.KeyPressMsg) {
	h.First = 0
	switch text := k.Text; {
	case k.String() == "enter":
		h.typing = false
	case k.String() == "backspace" && h.sought != "":
		runes := []rune(h.sought)
		h.sought = string(runes[:len(runes)-1])
	case text != "" && len(h.sought) < 40:
		h.sought += format.Printable(text)
	}
}

func (h *help) paste(string) {}

func (h *help) lines(t *theme.Theme, w, rows int) []string {
	var all []string
	group := ""
	for _, e := range h.entries {
		if !box.Filter(h.sought).Lets(e.key, e.text) {
			continue
		}
		if e.group != group {
			if group != "" {
				all = append(all, "")
			}
			group = e.group
			all = append(all, t.Bold.On(group))
		}
		key := max(14, ansi.StringWidth(e.key)+1)
		if key > 14 && key+16 > w {
			all = append(all, "  "+t.Key.On(ansi.Truncate(e.key, w-2, t.Glyphs.Ellipsis)))
			for _, line := range theme.Wrapped(e.text, w-4, t.Plain) {
				all = append(all, "    "+line)
			}
			continue
		}
		for i, line := range theme.Wrapped(e.text, w-2-key, t.Plain) {
			lead := format.Spaces(key)
			if i == 0 {
				lead = t.Key.On(format.Fit(e.key, key))
			}
			all = append(all, "  "+lead+line)
		}
	}
	room := max(rows-2, 1)
	shown := h.Window(all, room)
	note := t.Key.On("/") + " search   " + t.Key.On("esc") + " back"
	if h.typing || h.sought != "" {
		note = t.Key.On("/") + h.sought + "   " + t.Key.On("esc") + " back"
	}
	if h.Last > 0 {
		note = t.Key.On("j k") + " scroll   " + note
	}
	return append(shown, "", note)
}
