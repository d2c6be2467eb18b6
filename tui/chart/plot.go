package chart

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/NimbleMarkets/ntcharts/v2/canvas"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/graph"
)

// Series is one line of a Plot.
type Series struct {
	Values []float64 // one a second, oldest first; what can't be drawn is a gap
	Style  string    // escape sequence that opens its colour; empty for none
	End    string    // stands at the right of its newest value, in single cells
}

// Level is a dotted line at one value.
type Level struct {
	Value float64
	Since int // seconds before the newest value at which it begins; without one there is no line
	Style string
	End   string // as that of a Series
}

// Plot is a chart of series over the last Span seconds, the newest at the right edge. The series
// that come first are drawn over those that come later.
type Plot struct {
	Time
	Series []Series
	Level  Level
}

// Draw returns h lines of exactly w cells.
func (p Plot) Draw(w, h int) []string {
	values := make([][]float64, len(p.Series), len(p.Series)+1)
	for i, s := range p.Series {
		values[i] = last(s.Values, p.Span)
	}
	top := Top(append(values, []float64{p.Level.Value})...)
	return p.draw(w, h, frame{
		labels: func(rows int) []string { return tickLabels(top, rows) },
		paint: func(g *grid) {
			p.level(g, top)
			for i := len(p.Series) - 1; i >= 0; i-- {
				if p.Glyphs.Braille {
					p.braille(g, values[i], top, p.Series[i].Style)
				} else {
					p.marks(g, values[i], top, p.Series[i].Style, p.Glyphs.Marks[i%len(p.Glyphs.Marks)])
				}
			}
		},
		ends: func(rows int) []endLabel { return p.ends(values, top, rows) },
	})
}

// tickLabels are zero and three more, or as many as there is room for.
func tickLabels(top float64, rows int) []string {
	out := make([]string, rows)
	parts := 3
	switch {
	case rows < 3:
		parts = 1
	case rows < 7:
		parts = 2
	}
	for k := range parts + 1 {
		v := top * float64(k) / float64(parts)
		out[rowOf(v, top, rows)] = strconv.FormatFloat(v, 'g', 6, 64)
	}
	return out
}

// rowOf is where a value between 0 and top lies, from above.
func rowOf(v, top float64, rows int) int {
	return rows - 1 - dotOf(v, top, rows)/4
}

// dotOf is how many dots above the lowest a value lies: there are four in a row.
func dotOf(v, top float64, rows int) int {
	return int(min(max(v, 0), top)/top*float64(4*rows-1) + 0.5)
}

// ends are what stands at the right of the lines, each as near to its value as the others allow.
func (p Plot) ends(values [][]float64, top float64, rows int) []endLabel {
	var out []endLabel
	for i := len(p.Series) - 1; i >= 0; i-- {
		if n := len(values[i]); n > 0 && clean(values[i][n-1]) && p.Series[i].End != "" {
			out = append(out, endLabel{rowOf(values[i][n-1], top, rows), p.Series[i].End, p.Series[i].Style})
		}
	}
	if l := p.Level; l.Since > 0 && l.End != "" && clean(l.Value) && len(out) < rows {
		out = append(out, endLabel{rowOf(l.Value, top, rows), l.End, l.Style})
	}
	out = out[max(len(out)-rows, 0):]
	slices.SortStableFunc(out, func(a, b endLabel) int { return a.row - b.row })
	for i := range out {
		if i > 0 {
			out[i].row = max(out[i].row, out[i-1].row+1)
		}
		out[i].row = max(out[i].row, i)
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i].row = min(out[i].row, rows-len(out)+i)
	}
	return out
}

// endLabel is what stands at the right of a row.
type endLabel struct {
	row         int
	text, style string
}

func (e endLabel) width() int { return utf8.RuneCountInString(e.text) }

// level draws the dotted line.
func (p Plot) level(g *grid, top float64) {
	if p.Level.Since <= 0 || !clean(p.Level.Value) || p.Level.Value <= 0 {
		return
	}
	dot := dotOf(p.Level.Value, top, g.h)
	y, r := g.h-1-dot/4, p.Glyphs.Dotted
	if p.Glyphs.Braille {
		r = []rune{'⡀', '⠄', '⠂', '⠁'}[dot%4]
	}
	for x := p.column(p.Level.Since, g.w); x < g.w; x++ {
		if p.Glyphs.Braille || x%2 == 0 {
			c := g.at(x, y)
			c.r, c.style = r, p.Level.Style
		}
	}
}

// braille draws values as a line, two dots a cell across and four up.
func (p Plot) braille(g *grid, values []float64, top float64, style string) {
	dots := graph.NewBrailleGrid(g.w, g.h, 0, float64(p.Span-1), 0, top)
	offset := p.Span - len(values)
	var before canvas.Point
	drawn := false
	for i, v := range values {
		if !clean(v) {
			drawn = false
			continue
		}
		at := dots.GridPoint(canvas.Float64Point{X: float64(offset + i), Y: min(max(v, 0), top)})
		if !drawn {
			before = at
		}
		for _, dot := range graph.GetLinePointsWithLimit(before, at, 4*(g.w+g.h)) {
			dots.Set(dot)
		}
		before, drawn = at, true
	}
	for y, line := range dots.BraillePatterns() {
		for x, r := range line {
			if r == 0 || r == '⠀' || y >= g.h || x >= g.w {
				continue
			}
			c := g.at(x, y)
			if c.r != 0 {
				r |= c.r // the dots of both; the block is laid out so that they add up
			}
			c.r, c.style = r, style
		}
	}
}

// marks draws one mark a column, at the mean of the values that fall into it.
func (p Plot) marks(g *grid, values []float64, top float64, style string, mark rune) {
	offset := p.Span - len(values)
	for x := range g.w {
		from, to := x*p.Span/g.w-offset, (x+1)*p.Span/g.w-offset
		sum, n := 0.0, 0.0
		for i := max(from, 0); i < min(max(to, from+1), len(values)); i++ {
			if clean(values[i]) {
				sum, n = sum+min(max(values[i], 0), top), n+1
			}
		}
		if n == 0 {
			continue
		}
		c := g.at(x, g.h-1-min(int(sum/n/top*float64(g.h)), g.h-1))
		c.r, c.style = mark, style
	}
}

func last(values []float64, n int) []float64 {
	if len(values) > n {
		return values[len(values)-max(n, 0):]
	}
	return values
}
