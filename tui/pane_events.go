package tui

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
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
	alone := m.eventsAlone()
	from := min(m.scroll[paneEvents], max(0, len(all)-h))
	if alone {
		from = min(m.scroll[paneEvents], len(all)-1)
	}
	var lines []string
	for i := len(all) - 1 - from; i >= 0 && len(lines) < h; i-- {
		e := all[i]
		at := format.Clock(e.At)
		kind := format.Left(kindWord(e.Kind), 6, "")
		room, head := max(w-len(at)-len(kind)-3, 1), " "+t.dim.on(at)+" "+t.kind(e.Kind).on(kind)+" "
		if !alone {
			lines = append(lines, head+ansi.Truncate(t.words(e.Text), room, t.glyphs.ellipsis))
			continue
		}
		for _, text := range wrapped(t.words(e.Text), room, t.plain) {
			lines = append(lines, head+text)
			head = format.Spaces(w - room)
		}
	}
	aside := fmt.Sprintf("%d so far", m.snap.Events[len(m.snap.Events)-1].Number)
	if m.filters[paneEvents] != "" {
		aside = strconv.Itoa(len(all)) + " of " + aside
	}
	return t.dim.on(aside), lines
}

// eventsAlone tells whether the events have the screen to themselves: then they are written in full, in
// as many lines as they need.
func (m *Model) eventsAlone() bool { return m.zoomed || m.w < fullW || m.h < fullH }

func kindWord(kind string) string {
	switch kind {
	case "warning":
		return "WARN"
	case "scenario":
		return "scene"
	}
	return kind
}
