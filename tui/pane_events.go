package tui

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// events is the pane of what happened, newest first.
func (m *Model) events(w, h int) (string, []string) {
	t, all := m.theme, m.shownEvents()
	if len(all) == 0 && m.filters[paneEvents] != "" {
		return "", m.noMatch(paneEvents, w)
	}
	if len(all) == 0 {
		return "", []string{"", " " + t.Dim.On("nothing has happened yet"), " " + t.Dim.On("switches, faults and health will show here")}
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
		kind := format.Left(words.Kind(e.Kind), 6, "")
		room, head := max(w-len(at)-len(kind)-3, 1), " "+t.Dim.On(at)+" "+t.Kind(e.Kind).On(kind)+" "
		if !alone {
			lines = append(lines, head+ansi.Truncate(t.Words(e.Text), room, t.Glyphs.Ellipsis))
			continue
		}
		for _, text := range theme.Wrapped(t.Words(e.Text), room, t.Plain) {
			lines = append(lines, head+text)
			head = format.Spaces(w - room)
		}
	}
	aside := fmt.Sprintf("%d so far", m.snap.Events[len(m.snap.Events)-1].Number)
	if m.filters[paneEvents] != "" {
		aside = strconv.Itoa(len(all)) + " of " + aside
	}
	return t.Dim.On(aside), lines
}

// eventsAlone tells whether the events have the screen to themselves: then they are written in full, in
// as many lines as they need.
func (m *Model) eventsAlone() bool { return m.zoomed || m.w < fullW || m.h < fullH }
