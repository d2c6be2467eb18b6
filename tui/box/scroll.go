package box

import "slices"

// Half is how many lines ctrl+u and ctrl+d move.
const Half = 8

// Scroll shows as much of a text as there is room for. What may be longer embeds it.
type Scroll struct {
	First int // line shown
	Last  int // largest first that makes sense, as of the last drawing
}

// By moves n lines down.
func (s *Scroll) By(n int) { s.First = min(max(s.First+n, 0), s.Last) }

// Move moves as the key says, if it is one for moving.
func (s *Scroll) Move(key string) {
	switch key {
	case "j", "down":
		s.By(1)
	case "k", "up":
		s.By(-1)
	case "ctrl+d", "pgdown", "space":
		s.By(Half)
	case "ctrl+u", "pgup":
		s.By(-Half)
	case "g", "home":
		s.First = 0
	case "G", "end":
		s.First = s.Last
	}
}

// Step moves n lines down, and from one end to the other where it can go no further.
func (s *Scroll) Step(n int) {
	before := s.First
	if s.By(n); s.First != before {
		return
	}
	if s.First = 0; n < 0 {
		s.First = s.Last
	}
}

// From returns the first of n lines to show, as long as room lines fit, and remembers how far there is to
// scroll.
func (s *Scroll) From(n, room int) int {
	s.Last = max(0, n-room)
	s.First = min(s.First, s.Last)
	return s.First
}

// Window is the part of a text that room lines show, a copy.
func (s *Scroll) Window(text []string, room int) []string {
	first := s.From(len(text), room)
	return slices.Clone(text[first:min(first+room, len(text))])
}

// Visible returns the first of n lines to show in a window of h so that line at is inside,
// starting from the first one shown before.
func Visible(first, at, n, h int) int {
	if at < first {
		first = at
	}
	if at >= first+h {
		first = at - h + 1
	}
	return max(0, min(first, n-h))
}
