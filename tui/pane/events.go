// Package pane has the panes: each a box.Box that draws a part of the snapshot and has a state of its own.
// None sees the program or a neighbour; a pane is drawn again only when what it sees has changed.
package pane

import (
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Events is the pane of what happened, newest first. Alone on the screen, events are written in full, in
// as many lines as they need.
type Events struct {
	scroll box.Scroll
	filter box.Filter
}

// Title is that of the pane.
func (e *Events) Title(*box.Sight) string { return "Events" }

// Filter is what events must contain to be shown.
func (e *Events) Filter() string { return string(e.filter) }

// SetFilter shows the events that contain text, from the newest on.
func (e *Events) SetFilter(_ *box.Sight, text string) box.Act {
	e.filter, e.scroll.First = box.Filter(text), 0
	return box.Act{}
}

// Press scrolls.
func (e *Events) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "n":
		e.scroll.Step(1)
	case "N":
		e.scroll.Step(-1)
	default:
		e.scroll.Move(k.String())
	}
	return box.Act{}
}

// Draw writes as many events as there is room for, and above them how many there were.
func (e *Events) Draw(s *box.Sight, w, h int) (string, []string) {
	t, all := s.Theme, e.shown(s)
	if len(all) == 0 && e.filter != "" {
		return "", e.filter.NoMatch(t, w)
	}
	if len(all) == 0 {
		return "", []string{"", " " + t.Dim.On("nothing has happened yet"), " " + t.Dim.On("switches, faults and health will show here")}
	}
	room := h
	if s.Place.Alone() {
		room = min(h, 1) // each may need more than a line: the oldest can come to the top
	}
	from := e.scroll.From(len(all), room)
	var lines []string
	written := s.EventsIn(w)
	for i := len(all) - 1 - from; i >= 0 && len(lines) < h; i-- {
		lines = appendEvent(lines, s, all[i], w, written)
	}
	aside := fmt.Sprintf("%d so far", s.Snap.Events[len(s.Snap.Events)-1].Number)
	if e.filter != "" {
		aside = strconv.Itoa(len(all)) + " of " + aside
	}
	return t.Dim.On(aside), lines
}

// shown are the events that the filter lets through, oldest first.
func (e *Events) shown(s *box.Sight) []*live.Event {
	out := make([]*live.Event, 0, len(s.Snap.Events))
	for i := range s.Snap.Events {
		if v := &s.Snap.Events[i]; e.filter.Lets(v.Text, words.Kind(v.Kind)) {
			out = append(out, v)
		}
	}
	return out
}

// appendEvent writes an event in one line, or in as many as it needs where the pane is alone.
func appendEvent(lines []string, s *box.Sight, e *live.Event, w int, written func(*live.Event, int) string) []string {
	t, at := s.Theme, format.Clock(e.At)
	kind := format.Left(words.Kind(e.Kind), 6, "")
	room, head := max(w-len(at)-len(kind)-3, 1), " "+t.Dim.On(at)+" "+t.Kind(string(e.Kind)).On(kind)+" "
	if !s.Place.Alone() {
		return append(lines, head+written(e, room))
	}
	for _, text := range theme.Wrapped(t.Words(e.Text), room, t.Plain) {
		lines = append(lines, head+text)
		head = format.Spaces(w - room)
	}
	return lines
}
