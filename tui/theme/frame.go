package theme

import (
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
)

// Framed draws a box of exactly w x h cells around lines, with a title and, if there is room, an
// aside in its upper edge.
func (t *Theme) Framed(title, aside string, lines []string, w, h int, focused bool) []string {
	if w < 4 || h < 2 {
		out := make([]string, max(h, 0))
		for i := range out {
			out[i] = format.Spaces(w)
		}
		return out
	}
	edge, name := t.Border, t.Dim
	if focused {
		edge, name = t.focus, t.Title
	}
	g := &t.Glyphs
	out := make([]string, 0, h)
	out = append(out, t.edge(edge, name, title, aside, w))
	side := edge.On(g.vertical)
	for i := range h - 2 {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out = append(out, side+format.Fit(line, w-2)+side)
	}
	return append(out, edge.On(g.bottomLeft+format.Repeat(g.horizontal, w-2)+g.bottomRt))
}

func (t *Theme) edge(edge, name Ink, title, aside string, w int) string {
	g := &t.Glyphs
	room := w - 2
	title = format.Middle(title, room, g.Ellipsis)
	room -= ansi.StringWidth(title)
	if n := ansi.StringWidth(aside); aside != "" && n+4 <= room {
		return edge.On(g.topLeft) + name.On(title) + edge.On(format.Repeat(g.horizontal, room-n-3)) + " " + aside + " " + edge.On(g.horizontal+g.topRight)
	}
	return edge.On(g.topLeft) + name.On(title) + edge.On(format.Repeat(g.horizontal, room)+g.topRight)
}

// Overlay puts box in the middle of screen, whose lines are w cells wide.
func Overlay(screen, box []string, w int) {
	if len(box) == 0 {
		return
	}
	bw := ansi.StringWidth(box[0])
	x, y := (w-bw)/2, (len(screen)-len(box))/2
	for i, line := range box {
		at := y + i
		if at < 0 || at >= len(screen) {
			continue
		}
		screen[at] = format.Fit(ansi.Truncate(screen[at], x, ""), x) + closeInk + line + format.Fit(ansi.Cut(screen[at], x+bw, w), w-x-bw)
	}
}
