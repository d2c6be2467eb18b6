package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// help lists the key map. It is made from the table that dispatches, so it can't be wrong.
type help struct {
	actions []action
	first   int
	last    int // largest first that makes sense, as of the last drawing
}

func newHelp(m *Model) *help { return &help{actions: m.actions} }

func (h *help) title() string { return "Keys" }

func (h *help) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "?", "q", "enter":
		return answer{close: true}
	case "j", "down":
		h.first++
	case "k", "up":
		h.first--
	case "ctrl+d", "pgdown", "space":
		h.first += half
	case "ctrl+u", "pgup":
		h.first -= half
	case "g", "home":
		h.first = 0
	case "G", "end":
		h.first = h.last
	}
	h.first = min(max(h.first, 0), h.last)
	return answer{}
}

func (h *help) paste(string) {}

func (h *help) lines(t *theme, w, rows int) []string {
	var all []string
	group := ""
	for _, a := range h.actions {
		if a.group != group {
			if group != "" {
				all = append(all, "")
			}
			group = a.group
			all = append(all, t.bold.on(group))
		}
		all = append(all, "  "+t.key.on(fit(a.Help().Key, 14))+ansi.Truncate(a.Help().Desc, max(w-18, 0), t.glyphs.ellipsis))
	}
	room := max(rows-2, 1)
	h.last = max(0, len(all)-room)
	h.first = min(h.first, h.last)
	shown := all[h.first:min(h.first+room, len(all))]
	note := t.key.on("esc") + " back"
	if h.last > 0 {
		note = t.key.on("j k") + " scroll   " + note
	}
	return append(append([]string{}, shown...), "", note)
}
