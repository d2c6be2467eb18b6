package tui

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// events is the pane of what happened, newest first.
func (m *Model) events(w, h int) (string, []string) {
	t, all := &m.theme, m.shownEvents()
	if len(all) == 0 && m.filters[paneEvents] != "" {
		return "", m.noMatch(paneEvents, w)
	}
	if len(all) == 0 {
		return "", []string{"", " " + t.dim.on("nothing has happened yet"), " " + t.dim.on("switches, faults and health will show here")}
	}
	from := min(m.scroll[paneEvents], max(0, len(all)-h))
	var lines []string
	for i := len(all) - 1 - from; i >= 0 && len(lines) < h; i-- {
		e := all[i]
		at := clock(e.At)
		kind := left(kindWord(e.Kind), 6, "")
		text := ansi.Truncate(printable(e.Text), max(w-len(at)-len(kind)-3, 0), t.glyphs.ellipsis)
		lines = append(lines, " "+t.dim.on(at)+" "+t.kind(e.Kind).on(kind)+" "+text)
	}
	aside := fmt.Sprintf("%d so far", m.snap.Events[len(m.snap.Events)-1].Number)
	if m.filters[paneEvents] != "" {
		aside = strconv.Itoa(len(all)) + " of " + aside
	}
	return t.dim.on(aside), lines
}

func kindWord(kind string) string {
	switch kind {
	case "warning":
		return "WARN"
	case "scenario":
		return "scene"
	}
	return kind
}
