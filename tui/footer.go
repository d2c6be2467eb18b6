package tui

import (
	"slices"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
)

// hint is a key and what it does in a word.
type hint struct{ key, word string }

// always are the keys with which the footer begins, whichever pane has the focus; each is in the key map.
var always = []hint{{"?", "help"}, {":", "command"}, {"w", "what if"}, {"t", "RR/RL"}, {"s", "slow"}}

// ownHints are the keys that matter most in a pane. They come next, behind those that the pane has to itself.
var ownHints = [panes][]hint{
	paneServers:  {{"enter", "details"}, {"S", "heal"}, {"f", "fault"}, {"/", "filter"}, {"D", "drain"}},
	paneLatency:  {{"[ ]", "window"}},
	paneQTable:   {{"enter", "why"}, {"h l", "columns"}, {"/", "filter"}},
	paneLearning: {{", .", "ε"}, {"< >", "α"}, {"; '", "γ"}, {"T", "learner"}, {"+ -", "rate"}},
	paneEvents:   {{"/", "filter"}, {"j k", "scroll"}},
	paneFleet:    {{"enter", "details"}, {"z", "zoom"}},
	paneFlow:     {{"enter", "details"}, {"z", "zoom"}, {"f", "fault"}, {"S", "heal"}},
}

// others come last, as many as there is room for.
var others = []hint{
	{"q", "quit"}, {"tab", "pane"}, {"z", "zoom"}, {"space", "freeze"}, {"W", "look back"}, {"p", "policy"}, {"T", "learner"}, {"S", "heal"}, {"+ -", "rate"}, {"f", "fault"},
	{", .", "ε"}, {"[ ]", "window"}, {"L", "pause"}, {"D", "drain"}, {"x", "export"}, {"/", "filter"}, {"y", "copy"},
}

// footerHints are all keys of the footer that are in a key map, while a pane has the focus.
func footerHints(usable []action, shown []box.Box, focus paneID) []hint {
	all := slices.Clone(always)
	keysOf(shown, func(id paneID, k box.Key) {
		if k.Word != "" && id == focus {
			all = append(all, hint{k.Help().Key, k.Word})
		}
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Concat(all, ownHints[focus], others), func(h hint) bool {
		again := seen[h.key]
		seen[h.key] = true
		return again || !slices.ContainsFunc(usable, func(a action) bool { return a.Help().Key == h.key })
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
		return len(s.Snap.Servers) > 0 && (!s.Snap.Load.Enabled || s.Snap.Load.Recorded)
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
	if m.lost() != "" {
		return m.lostLine(w)
	}
	line, used, s := "", 0, m.sight()
	for _, h := range m.hints[m.focus] {
		if idle(&s, h.key) {
			continue
		}
		word := h.word
		switch {
		case word == "ε":
			word = t.Glyphs.Epsilon
		case word == "α":
			word = t.Glyphs.Alpha
		case word == "γ":
			word = t.Glyphs.Gamma
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
