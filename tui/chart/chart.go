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
	Heavy      rune // the time axis where it is shaded
	TimeTick   rune // where it has a label
	Rule       rune // a line down from a caption
	Dotted     rune // a level, when not braille
	Corner     rune
}

// The symbol sets.
var (
	Braille = Glyphs{Braille: true, Levels: []rune("▁▂▃▄▅▆▇█"), Vertical: '│', Tick: '┤', Horizontal: '─', Heavy: '━', TimeTick: '┴', Rule: '┊', Dotted: '╌', Corner: '└'}
	Block   = Glyphs{Marks: []rune("▪▫·"), Levels: []rune("▁▂▃▄▅▆▇█"), Vertical: '│', Tick: '┤', Horizontal: '─', Heavy: '━', TimeTick: '┴', Rule: '┊', Dotted: '╌', Corner: '└'}
	ASCII   = Glyphs{Marks: []rune("o*."), Levels: []rune("_.-=+*#@"), Vertical: '|', Tick: '+', Horizontal: '-', Heavy: '=', TimeTick: '+', Rule: ':', Dotted: '-', Corner: '+'}
)

// clean tells whether v can be drawn.
func clean(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Top returns the round number at or above the largest drawable value, at least 1.2: a good end for
// an axis that should not jump with every value, a third of which is round, too.
func Top(values ...[]float64) float64 {
	top := 0.0
	for _, vs := range values {
		for _, v := range vs {
			if clean(v) {
				top = max(top, v)
			}
		}
	}
	top = min(max(top, 1.2), 1e300) // a twelvefold of which is a number
	unit := math.Pow(10, math.Floor(math.Log10(top)))
	for _, step := range []float64{1.2, 1.5, 1.8, 2.4, 3, 4.5, 6, 7.5, 9, 12} {
		if top <= step*unit {
			return step * unit
		}
	}
	return top
}
