package tui

import (
	"slices"
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// hint is a key and what it does in a word.
type hint struct{ key, word string }

// hints are the keys of the footer, most needed first; each is in the key map. Those that panes have of
// their own come after them, then paneHints.
var hints = []hint{
	{"?", "help"}, {"q", "quit"}, {"t", "RR/RL"}, {"s", "slow"}, {"S", "heal"}, {"tab", "pane"}, {"z", "zoom"},
	{"space", "freeze"}, {", .", "ε"}, {"+ -", "rate"}, {"enter", "details"}, {"w", "what if"}, {"p", "policy"}, {"f", "fault"}, {"D", "drain"}, {":", "command"}, {"[ ]", "window"},
	{"T", "learner"}, {"L", "pause"}, {"x", "export"},
}

// paneHints are keys that do something with whichever pane has the focus.
var paneHints = []hint{{"/", "filter"}, {"y", "copy"}}

// footerHints are all keys of the footer that are in a key map.
func footerHints(usable []action, shown []box.Box) []hint {
	all := slices.Clone(hints)
	keysOf(shown, func(_ paneID, k box.Key) {
		if k.Word != "" {
			all = append(all, hint{k.Help().Key, k.Word})
		}
	})
	return slices.DeleteFunc(append(all, paneHints...), func(h hint) bool {
		return !slices.ContainsFunc(usable, func(a action) bool { return a.Help().Key == h.key })
	})
}

// idle tells whether a key of the footer can do nothing: faults are for simulated servers, the rate is
// that of the built-in load.
func idle(s *box.Sight, key string) bool {
	switch key {
	case "s", "S", "f":
		v := s.Selected()
		return v != nil && !v.Simulated
	case "+ -", "L":
		return len(s.Snap.Servers) > 0 && !s.Snap.Load.Enabled
	}
	return false
}

// footer is the word of the last command, or the keys most needed: as many as fit.
func (m *Model) footer(w int) string {
	t := m.theme
	if m.toast.text != "" {
		style := t.Good
		if m.toast.bad {
			style = t.Bad
		}
		return format.Fit(" "+style.On(ansi.Truncate(m.toast.text, max(w-2, 0), t.Glyphs.Ellipsis)), w)
	}
	line, used, s := "", 0, m.sight()
	for _, h := range m.hints {
		if idle(&s, h.key) {
			continue
		}
		word := h.word
		switch {
		case word == "ε":
			word = t.Glyphs.Epsilon
		case word == "freeze" && m.frozen:
			word = "go live"
		}
		n := ansi.StringWidth(h.key) + 1 + ansi.StringWidth(word)
		if used+n+2 > w {
			break
		}
		lead := "  "
		if used == 0 {
			lead = " "
		}
		line += lead + t.Key.On(h.key) + " " + t.Dim.On(word)
		used += n + len(lead)
	}
	return format.Fit(line, w)
}

// tabs is the strip of panes on a small screen.
func tabs(t *theme.Theme, labels []string, focus paneID, w int) string {
	line := ""
	for id, label := range labels {
		style := t.Dim
		if paneID(id) == focus {
			style = t.Title
		}
		line += " " + style.On(label)
	}
	return format.Fit(line, w)
}

// tabAt is the pane whose tab stands at x, -1 when there is none.
func tabAt(labels []string, x int) paneID {
	at := 0
	for id, label := range labels {
		if at += 1 + ansi.StringWidth(label); x < at {
			return paneID(id)
		}
	}
	return -1
}

// tabLabels name the panes, briefly where there is no room.
func (m *Model) tabLabels() []string {
	labels := make([]string, panes)
	for id := range panes {
		number, title := strconv.Itoa(int(id)+1)+" ", m.title(id)
		switch {
		case id == m.focus:
			labels[id] = "[" + number + title + "]"
		case m.w < 60:
			labels[id] = number + ansi.Truncate(title, 3, "")
		default:
			labels[id] = number + title
		}
	}
	return labels
}
