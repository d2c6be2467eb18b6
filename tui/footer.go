package tui

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// hints are the keys of the footer, most needed first; each is in the key map.
var hints = []struct{ key, word string }{
	{"?", "help"}, {"q", "quit"}, {"t", "RR/RL"}, {"s", "slow"}, {"S", "heal"}, {"tab", "pane"}, {"z", "zoom"},
	{"space", "freeze"}, {", .", "ε"}, {"+ -", "rate"}, {"p", "policy"}, {"f", "fault"}, {":", "command"}, {"[ ]", "window"},
	{"T", "learner"}, {"L", "pause"}, {"x", "export"},
}

// footer is the word of the last command, or the keys most needed: as many as fit.
func (m *Model) footer(w int) string {
	t := &m.theme
	if m.toast.text != "" {
		style := t.good
		if m.toast.bad {
			style = t.bad
		}
		return fit(" "+style.on(ansi.Truncate(m.toast.text, max(w-2, 0), t.glyphs.ellipsis)), w)
	}
	line, used := "", 0
	for _, h := range hints {
		word := h.word
		if word == "ε" {
			word = t.glyphs.epsilon
		}
		n := ansi.StringWidth(h.key) + 1 + ansi.StringWidth(word)
		if used+n+2 > w {
			break
		}
		lead := "  "
		if used == 0 {
			lead = " "
		}
		line += lead + t.key.on(h.key) + " " + t.dim.on(word)
		used += n + len(lead)
	}
	return fit(line, w)
}

// tabs is the strip of panes on a small screen.
func (m *Model) tabs(w int) string {
	t := &m.theme
	line := ""
	for id, name := range paneNames {
		label := strconv.Itoa(id+1) + " " + name
		if w < 60 && paneID(id) != m.focus {
			label = strconv.Itoa(id+1) + " " + ansi.Truncate(name, 3, "")
		}
		if paneID(id) == m.focus {
			line += " " + t.title.on("["+label+"]")
		} else {
			line += " " + t.dim.on(label)
		}
	}
	return fit(line, w)
}
