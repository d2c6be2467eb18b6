package dialog

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Help lists the key map and the command line's commands, and says what words mean. It is made from the
// tables that dispatch, so it can't be wrong.
type Help struct {
	scroll  box.Scroll
	entries []Entry
	sought  string // only entries that contain it are shown
	typing  bool
}

// Entry is a line of the help: a key, a command or a word, and what it does or means.
type Entry struct{ Group, Key, Text string }

// NewHelp lists keys and commands, then words.
func NewHelp(s *box.Sight, of []Entry) *Help {
	delta := Entry{"Words", "|" + s.Theme.Glyphs.Delta + "Q|", "how much the table still changes; it sinks as that settles"}
	return &Help{entries: slices.Concat(of, glossary, []Entry{delta})}
}

// glossary says what is shown under a word of its own.
var glossary = []Entry{
	{"Words", "50→48 rps", "requests a second: wanted, answered"},
	{"Words", "ACT+Q", "requests a server works on, and those that wait there"},
	{"Words", "TREND", "p95 over the time window"},
	{"Words", "reward", "what the learner got: -ms/10, nearer to 0 is faster"},
	{"Words", "Q", "reward to expect: -5.2 is 52 ms; with gamma, what follows too"},
	{"Words", "* [ ] >", "best server of a row, the last decision, its row"},
	{"Words", "< > in titles", "columns beyond that edge: h l in the Q-table, elsewhere z"},
	{"Words", "(lo,md,hi)", "a state: each server's load in turn, low, medium or high"},
	{"Words", "in shadow", "learns from the requests that another policy routes"},
	{"Words", "warm", "had learned before it took over"},
	{"Words", "dropped", "requests that were due but not sent: too many were open"},
	{"Words", "regret", "ms over each request's best server; a failure is 10 s"},
	{"Words", "95%", "where the change of the mean lies in 95 of 100 such runs"},
}

// Title is that of most of it.
func (h *Help) Title(*box.Sight) string { return "Keys" }

// Press scrolls, or types what is sought.
func (h *Help) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	if h.typing {
		h.search(k)
		return box.Act{}
	}
	switch k.String() {
	case "/":
		h.typing = true
	case "?", "q", "enter":
		return box.Act{Close: true}
	default:
		h.scroll.Move(k.String())
	}
	return box.Act{}
}

func (h *Help) search(k tea.KeyPressMsg) {
	h.scroll.First = 0
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

// Draw has the entries that contain what is sought, in their groups.
func (h *Help) Draw(s *box.Sight, w, rows int) (string, []string) {
	var all []string
	t := s.Theme
	group := ""
	for _, e := range h.entries {
		if !box.Filter(h.sought).Lets(e.Key, e.Text) {
			continue
		}
		if e.Group != group {
			if group != "" {
				all = append(all, "")
			}
			group = e.Group
			all = append(all, t.Bold.On(group))
		}
		key := max(14, ansi.StringWidth(e.Key)+1)
		if key > 14 && key+16 > w {
			all = append(all, "  "+t.Key.On(ansi.Truncate(e.Key, w-2, t.Glyphs.Ellipsis)))
			for _, line := range theme.Wrapped(e.Text, w-4, t.Plain) {
				all = append(all, "    "+line)
			}
			continue
		}
		for i, line := range theme.Wrapped(e.Text, w-2-key, t.Plain) {
			lead := format.Spaces(key)
			if i == 0 {
				lead = t.Key.On(format.Fit(e.Key, key))
			}
			all = append(all, "  "+lead+line)
		}
	}
	room := max(rows-2, 1)
	shown := h.scroll.Window(all, room)
	note := t.Key.On("/") + " search   " + t.Key.On("esc") + " back"
	if h.typing || h.sought != "" {
		note = t.Key.On("/") + h.sought + "   " + t.Key.On("esc") + " back"
	}
	if h.scroll.Last > 0 {
		note = t.Key.On("j k") + " scroll   " + note
	}
	return "", append(shown, "", note)
}
