package chart

import "strings"

const end = "\x1b[m"

// cell is a character, its colour and its ground; r is 0 where nothing is drawn.
type cell struct {
	r             rune
	style, ground string
}

// grid is what is drawn on, row by row from the top.
type grid struct {
	cells []cell
	w, h  int
}

func newGrid(w, h int) *grid { return &grid{cells: make([]cell, w*h), w: w, h: h} }

func (g *grid) at(x, y int) *cell { return &g.cells[y*g.w+x] }

// write puts a text of single cells at x, as much as there is room for.
func (g *grid) write(x, y int, text, style string) {
	for _, r := range text {
		if x >= g.w {
			return
		}
		if x >= 0 {
			c := g.at(x, y)
			c.r, c.style = r, style
		}
		x++
	}
}

// row writes cells with one escape sequence for each run of one look.
func (g *grid) row(y int) string {
	var b strings.Builder
	cells := g.cells[y*g.w : (y+1)*g.w]
	b.Grow(4 * len(cells))
	style, ground := "", ""
	for _, c := range cells {
		if c.r == 0 {
			c.r, c.style = ' ', style // a blank has no colour: it may as well go on
			if ground != c.ground {
				c.style = ""
			}
		}
		if c.style != style || c.ground != ground {
			if style != "" || ground != "" {
				b.WriteString(end)
			}
			b.WriteString(c.ground)
			b.WriteString(c.style)
			style, ground = c.style, c.ground
		}
		b.WriteRune(c.r)
	}
	if style != "" || ground != "" {
		b.WriteString(end)
	}
	return b.String()
}

func paint(style, s string) string {
	if style == "" {
		return s
	}
	return style + s + end
}

func blank(w, h int) []string {
	out := make([]string, max(h, 0))
	for i := range out {
		out[i] = strings.Repeat(" ", max(w, 0))
	}
	return out
}
