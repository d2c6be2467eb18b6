package tui

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

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
	for _, a := range m.actions {
		if a.hint == "" {
			continue
		}
		hint := t.word(a.hint)
		n := ansi.StringWidth(a.Help().Key) + 1 + ansi.StringWidth(hint)
		if used+n+2 > w {
			continue
		}
		lead := "  "
		if used == 0 {
			lead = " "
		}
		line += lead + t.key.on(a.Help().Key) + " " + t.dim.on(hint)
		used += n + len(lead)
	}
	return fit(line, w)
}

// word replaces a Greek letter where the symbols are ASCII.
func (t *theme) word(s string) string {
	if s == "ε" {
		return t.glyphs.epsilon
	}
	return s
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
