package tui

import "github.com/charmbracelet/x/ansi"

// framed draws a box of exactly w x h cells around lines, with a title and, if there is room, an
// aside in its upper edge.
func (t *theme) framed(title, aside string, lines []string, w, h int, focused bool) []string {
	if w < 4 || h < 2 {
		out := make([]string, max(h, 0))
		for i := range out {
			out[i] = spaces(w)
		}
		return out
	}
	edge, name := t.border, t.dim
	if focused {
		edge, name = t.focus, t.title
	}
	g := &t.glyphs
	out := make([]string, 0, h)
	out = append(out, t.edge(edge, name, title, aside, w))
	side := edge.on(g.vertical)
	for i := range h - 2 {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out = append(out, side+fit(line, w-2)+side)
	}
	return append(out, edge.on(g.bottomLeft+repeat(g.horizontal, w-2)+g.bottomRt))
}

func (t *theme) edge(edge, name ink, title, aside string, w int) string {
	g := &t.glyphs
	room := w - 2
	title = ansi.Truncate(title, room, "")
	room -= ansi.StringWidth(title)
	if n := ansi.StringWidth(aside); aside != "" && n+4 <= room {
		return edge.on(g.topLeft) + name.on(title) + edge.on(repeat(g.horizontal, room-n-3)) + " " + aside + " " + edge.on(g.horizontal+g.topRight)
	}
	return edge.on(g.topLeft) + name.on(title) + edge.on(repeat(g.horizontal, room)+g.topRight)
}

func repeat(s string, n int) string {
	b := make([]byte, 0, len(s)*max(n, 0))
	for range n {
		b = append(b, s...)
	}
	return string(b)
}

// overlay puts box in the middle of screen, whose lines are w cells wide.
func overlay(screen, box []string, w int) {
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
		screen[at] = fit(ansi.Truncate(screen[at], x, ""), x) + closeInk + line + fit(ansi.Cut(screen[at], x+bw, w), w-x-bw)
	}
}
