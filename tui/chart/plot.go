package chart

import (
	"strconv"
	"strings"

	"github.com/NimbleMarkets/ntcharts/v2/canvas"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/graph"
)

// Series is one line of a Plot.
type Series struct {
	Values []float64 // one a second, oldest first; what can't be drawn is a gap
	Style  string    // escape sequence that opens its colour; empty for none
}

// Marker is something that happened, shown on the time axis.
type Marker struct {
	Ago   int // seconds before the newest value
	Rune  rune
	Style string
}

// Plot is a chart of series over the last Span seconds, the newest at the right edge. The series
// that come first are drawn over those that come later.
type Plot struct {
	Series  []Series
	Span    int // 2 or more
	Markers []Marker
	Glyphs  Glyphs
	Axis    string // escape sequence that opens the colour of axes and labels
}

const end = "\x1b[m"

type cell struct {
	r     rune
	style string
}

// Draw returns h lines of exactly w cells.
func (p Plot) Draw(w, h int) []string {
	out := make([]string, max(h, 0))
	values := make([][]float64, len(p.Series))
	for i, s := range p.Series {
		values[i] = last(s.Values, p.Span)
	}
	top := Top(values...)
	label := strconv.FormatFloat(top, 'f', -1, 64)
	gutter := len(label) + 1
	axis := 1
	if h < 4 {
		axis = 0
	}
	gw, gh := w-gutter, h-axis
	if gw < 2 || gh < 1 || p.Span < 2 {
		for i := range out {
			out[i] = strings.Repeat(" ", max(w, 0))
		}
		return out
	}
	cells := make([]cell, gw*gh)
	for i := len(p.Series) - 1; i >= 0; i-- {
		if p.Glyphs.Braille {
			p.braille(cells, gw, gh, values[i], top, p.Series[i].Style)
		} else {
			p.marks(cells, gw, gh, values[i], top, p.Series[i].Style, p.Glyphs.Marks[i%len(p.Glyphs.Marks)])
		}
	}
	half := strconv.FormatFloat(top/2, 'f', -1, 64)
	for y := range gh {
		text, tick := "", p.Glyphs.Vertical
		switch {
		case y == 0:
			text, tick = label, p.Glyphs.Tick
		case y == gh/2 && gh >= 5 && len(half) < gutter:
			text, tick = half, p.Glyphs.Tick
		}
		lead := strings.Repeat(" ", gutter-1-len(text)) + text + string(tick)
		out[y] = paint(p.Axis, lead) + row(cells[y*gw:(y+1)*gw])
	}
	if axis == 1 {
		out[h-1] = p.axis(gutter, gw)
	}
	return out
}

// axis is the time axis with the markers on it.
func (p Plot) axis(gutter, gw int) string {
	cells := make([]cell, gw)
	for x := range cells {
		cells[x] = cell{p.Glyphs.Horizontal, p.Axis}
	}
	for _, m := range p.Markers {
		if m.Ago >= 0 && m.Ago < p.Span {
			cells[(p.Span-1-m.Ago)*(gw-1)/(p.Span-1)] = cell{m.Rune, m.Style}
		}
	}
	return paint(p.Axis, strings.Repeat(" ", gutter-1)+string(p.Glyphs.Corner)) + row(cells)
}

// braille draws values as a line, two dots a cell across and four up.
func (p Plot) braille(cells []cell, gw, gh int, values []float64, top float64, style string) {
	grid := graph.NewBrailleGrid(gw, gh, 0, float64(p.Span-1), 0, top)
	offset := p.Span - len(values)
	var before canvas.Point
	drawn := false
	for i, v := range values {
		if !clean(v) {
			drawn = false
			continue
		}
		at := grid.GridPoint(canvas.Float64Point{X: float64(offset + i), Y: min(max(v, 0), top)})
		if !drawn {
			before = at
		}
		for _, dot := range graph.GetLinePointsWithLimit(before, at, 4*(gw+gh)) {
			grid.Set(dot)
		}
		before, drawn = at, true
	}
	for y, line := range grid.BraillePatterns() {
		for x, r := range line {
			if r == 0 || r == '⠀' || y >= gh || x >= gw {
				continue
			}
			c := &cells[y*gw+x]
			if c.r != 0 {
				r |= c.r // the dots of both; the block is laid out so that they add up
			}
			*c = cell{r, style}
		}
	}
}

// marks draws one mark a column, at the mean of the values that fall into it.
func (p Plot) marks(cells []cell, gw, gh int, values []float64, top float64, style string, mark rune) {
	offset := p.Span - len(values)
	for x := range gw {
		from, to := x*p.Span/gw-offset, (x+1)*p.Span/gw-offset
		sum, n := 0.0, 0.0
		for i := max(from, 0); i < min(max(to, from+1), len(values)); i++ {
			if clean(values[i]) {
				sum, n = sum+min(max(values[i], 0), top), n+1
			}
		}
		if n == 0 {
			continue
		}
		y := gh - 1 - min(int(sum/n/top*float64(gh)), gh-1)
		cells[y*gw+x] = cell{mark, style}
	}
}

// row writes cells with one escape sequence for each run of one style.
func row(cells []cell) string {
	var b strings.Builder
	b.Grow(4 * len(cells))
	style := ""
	for _, c := range cells {
		if c.r == 0 {
			b.WriteByte(' ')
			continue
		}
		if c.style != style {
			if style != "" {
				b.WriteString(end)
			}
			b.WriteString(c.style)
			style = c.style
		}
		b.WriteRune(c.r)
	}
	if style != "" {
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

func last(values []float64, n int) []float64 {
	if len(values) > n {
		return values[len(values)-max(n, 0):]
	}
	return values
}
