// Package chart draws charts that are data: axes, lines, bars, shades and marks, with the palette that
// tells them apart for anyone, printed too. Equal charts give equal pictures. It knows no policy and
// no result, writes to an io.Writer alone, and starts no goroutine.
package chart

import (
	"math"

	"slbtui/engine/stats"
)

// Chart is a figure as data, before it is drawn: tests and readers look here, not at pixels.
type Chart struct {
	Name     string // of its files: "latency_over_time"
	Title    string
	Subtitle string
	Caption  string // what it shows and how to read it
	Keys     []Key  // the legend, above the panels
	Columns  int    // panels in a row
	Height   float64
	Panels   []Panel
}

// Key is an entry of a legend.
type Key struct {
	Name  string
	Style int // see styles
}

// Panel is one pair of axes with what is drawn on them: lines, or bars lying on their side.
type Panel struct {
	Title  string
	X, Y   Axis
	Lines  []Line
	Bars   []Bar
	Shades []Shade
	Marks  []Mark
}

// Axis says what is measured, in which unit, and from where to where.
type Axis struct {
	Label    string
	Min, Max float64
	Log      bool
	Percent  bool     // ticks are shares of 1, shown as percentages
	Names    []string // of the rows, from above, for a Y axis of bars
}

// Line joins points; a NaN in Y is a gap.
type Line struct {
	Name      string
	Style     int
	X, Y      []float64
	Low, High []float64 // a band around the line, where there is one
	Filled    bool      // the outline of a histogram: X holds the edges of the bins, one more than Y
}

// Bar is a horizontal bar from 0.
type Bar struct {
	Name      string
	Style     int
	Row       int // index into Axis.Names
	Slot      int // place within the row, from above
	Slots     int // bars in the row
	Value     float64
	Interval  stats.Interval
	ValueText string
}

// Shade marks a time during which something was wrong.
type Shade struct {
	From, To float64
	Label    string
}

// Mark is a named vertical line.
type Mark struct {
	At    float64
	Label string
}

// Headroom is how many times its largest value an axis reaches, for labels.
const Headroom = 1.15

// LinearAxis is an axis from 0 to a little above the largest of the values.
func LinearAxis(label string, lines ...[]float64) Axis {
	_, high := Extent(lines...)
	if high <= 0 {
		high = 1
	}
	return Axis{Label: label, Max: Headroom * high}
}

// LatencyAxis is logarithmic where the values span more than a factor of fifteen.
func LatencyAxis(label string, lines ...[]float64) Axis {
	low, high := Extent(lines...)
	if low > 0 && high/low > 15 {
		return LogAxis(label, lines...)
	}
	return LinearAxis(label, lines...)
}

// LogAxis is an axis that just holds the positive values.
func LogAxis(label string, lines ...[]float64) Axis {
	low, high := Extent(lines...)
	if low <= 0 {
		return Axis{Label: label, Min: 1, Max: 10, Log: true}
	}
	return Axis{Label: label, Min: low / 1.15, Max: high * 1.15, Log: true}
}

// Extent returns the smallest positive and the largest of the values; 0 where there is none.
func Extent(lines ...[]float64) (low, high float64) {
	for _, line := range lines {
		for _, v := range line {
			if v > 0 && (low == 0 || v < low) {
				low = v
			}
			if !math.IsNaN(v) {
				high = max(high, v)
			}
		}
	}
	return low, high
}
