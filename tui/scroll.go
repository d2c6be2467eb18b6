package tui

import "slices"

// scroll shows as much of a text as there is room for. Dialogs that may be longer embed it.
type scroll struct {
	first int // line shown
	last  int // largest first that makes sense, as of the last drawing
}

// by moves n lines down.
func (s *scroll) by(n int) { s.first = min(max(s.first+n, 0), s.last) }

// press moves as the key says, if it is one for moving.
func (s *scroll) press(key string) {
	switch key {
	case "j", "down":
		s.by(1)
	case "k", "up":
		s.by(-1)
	case "ctrl+d", "pgdown", "space":
		s.by(half)
	case "ctrl+u", "pgup":
		s.by(-half)
	case "g", "home":
		s.first = 0
	case "G", "end":
		s.first = s.last
	}
}

// window is the part of a text that room lines show, a copy.
func (s *scroll) window(text []string, room int) []string {
	s.last = max(0, len(text)-room)
	s.first = min(s.first, s.last)
	return slices.Clone(text[s.first:min(s.first+room, len(text))])
}

// visible returns the first of n lines to show in a window of h so that line at is inside,
// starting from the first one shown before.
func visible(first, at, n, h int) int {
	if at < first {
		first = at
	}
	if at >= first+h {
		first = at - h + 1
	}
	return max(0, min(first, n-h))
}
