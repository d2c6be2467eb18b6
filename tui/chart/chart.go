// Package chart draws line charts and sparklines into exactly the cells it is given.
//
// It stands between the console and ntcharts, whose rasteriser it uses and whose chart models it
// does not: those panic or never return on NaN, infinities and empty sizes, and keep every point
// for ever. Here values are cleaned first, a size without room draws blanks, and every picture is
// made anew from the visible window alone. Nothing is kept, nothing waits.
package chart

import "math"

// Glyphs are the characters of a chart.
type Glyphs struct {
	Braille    bool   // lines of braille dots; otherwise one mark a column
	Marks      []rune // of the first, second, ... series, when not braille
	Levels     []rune // of a sparkline, rising
	Vertical   rune   // axes
	Tick       rune   // where the vertical axis has a label
	Horizontal rune
	Corner     rune
}

// The symbol sets.
var (
	Braille = Glyphs{Braille: true, Levels: []rune("▁▂▃▄▅▆▇█"), Vertical: '│', Tick: '┤', Horizontal: '─', Corner: '└'}
	Block   = Glyphs{Marks: []rune("▪▫·"), Levels: []rune("▁▂▃▄▅▆▇█"), Vertical: '│', Tick: '┤', Horizontal: '─', Corner: '└'}
	ASCII   = Glyphs{Marks: []rune("o*."), Levels: []rune("_.-=+*#@"), Vertical: '|', Tick: '+', Horizontal: '-', Corner: '+'}
)

// clean tells whether v can be drawn.
func clean(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Top returns the round number at or above the largest drawable value, at least 1: a good end for
// an axis that should not jump with every value.
func Top(values ...[]float64) float64 {
	top := 0.0
	for _, vs := range values {
		for _, v := range vs {
			if clean(v) {
				top = max(top, v)
			}
		}
	}
	if top <= 1 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(top)))
	for _, step := range []float64{1, 1.5, 2, 3, 4, 6, 8, 10} {
		if top <= step*unit {
			return step * unit
		}
	}
	return top
}
