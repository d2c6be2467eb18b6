package tui

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
)

// hint is a key and what it does in a word.
type hint struct{ key, word string }

// hints are the keys of the footer, most needed first; each is in the key map.
var hints = []hint{
	{"?", "help"}, {"q", "quit"}, {"t", "RR/RL"}, {"s", "slow"}, {"S", "heal"}, {"tab", "pane"}, {"z", "zoom"},
	{"space", "freeze"}, {", .", "ε"}, {"+ -", "rate"}, {"enter", "details"}, {"w", "what if"}, {"p", "policy"}, {"f", "fault"}, {"D", "drain"}, {":", "command"}, {"[ ]", "window"},
	{"T", "learner"}, {"L", "pause"}, {"x", "export"}, {"v", "table"}, {"o", "sort"}, {"/", "filter"}, {"y", "copy"},
}

// idle tells whether a key of the footer can do nothing: faults are for simulated servers, the rate is
// that of the built-in load.
func (m *Model) idle(key string) bool {
	switch key {
	case "s", "S", "f":
		s := m.server()
		return s != nil && !s.Simulated
	case "+ -", "L":
		return len(m.snap.Servers) > 0 && !m.snap.Load.Enabled
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
	line, used := "", 0
	for _, h := range m.usableHints() {
		if m.idle(h.key) {
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
func (m *Model) tabs(w int) string {
	t, line := m.theme, ""
	for id := range paneNames {
		style := t.Dim
		if paneID(id) == m.focus {
			style = t.Title
		}
		line += " " + style.On(m.tabLabel(paneID(id), w))
	}
	return format.Fit(line, w)
}

// tabLabel names a pane, briefly where there is no room.
func (m *Model) tabLabel(id paneID, w int) string {
	label := strconv.Itoa(int(id)+1) + " "
	switch {
	case id == m.focus:
		return "[" + label + paneNames[id] + "]"
	case w < 60:
		return label + ansi.Truncate(paneNames[id], 3, "")
	}
	return label + paneNames[id]
}
