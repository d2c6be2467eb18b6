package pane

import (
	"math"
	"strings"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// qview is how the Q-table is shown.
type qview int

const (
	viewValues qview = iota
	viewHeat
	viewMap
	qviews
)

var qviewNames = [qviews]string{"values", "heat map", "policy map"}

// turnView shows the Q-table in the next way; only a factored table has a policy map.
func (p *QTable) turnView(s *box.Sight) box.Act {
	p.view = (p.view + 1) % qviews
	if p.view == viewMap && !mappable(s, words.Learner(s.Snap)) {
		p.view = viewValues
	}
	p.scroll.First = 0
	return box.Act{Keep: box.Preference{Name: "table", Value: qviewNames[p.view]}, Say: "Q-table as " + qviewNames[p.view]}
}

// heat turns Q-values into shades: the cost (-Q) on a logarithmic scale between the cheapest and
// the dearest cell of the table.
type heat struct{ low, high float64 }

func newHeat(rows []qlearn.Row) heat {
	h := heat{math.Inf(1), math.Inf(-1)}
	for i := range rows {
		r := &rows[i]
		for s, q := range r.Q {
			if s < len(r.Visits) && r.Visits[s] > 0 {
				h.low, h.high = min(h.low, logCost(q)), max(h.high, logCost(q))
			}
		}
	}
	return h
}

func logCost(q float64) float64 { return math.Log1p(max(0, -format.Finite(q))) }

// shade is between 0, the cheapest, and shades-1, the dearest.
func (h heat) shade(q float64) int {
	if h.high <= h.low {
		return 0
	}
	return min(max(int((logCost(q)-h.low)/(h.high-h.low)*theme.Shades), 0), theme.Shades-1)
}

// heatCell is one cell of the heat map, width+1 cells wide: shade, star of the best, brackets of
// the last decision.
func heatCell(t *theme.Theme, h heat, r *qlearn.Row, i, width int, decided bool) string {
	body := t.Dim.On(format.Right(t.Glyphs.None, max(width-2, 1)))
	if trust := trustIn(r, i); trust != guess {
		n := h.shade(r.Q[i])
		ink := t.Heat[n]
		if trust == unsure {
			ink = t.Dim
		}
		body = ink.On(strings.Repeat(t.Glyphs.Shades[n], max(width-2, 1)))
	}
	mark, open, shut := t.Dim.On(markOf(r, i)), " ", " "
	if i == r.Best {
		mark = t.Best.On("*")
	}
	if decided {
		open, shut = t.Last.On("["), t.Last.On("]")
	}
	return open + body + mark + shut
}

// heatLegend says what the shades mean.
func heatLegend(t *theme.Theme) string {
	line := t.Dim.On(" fast ")
	for i, s := range t.Glyphs.Shades {
		line += t.Heat[i].On(s)
	}
	return line + t.Dim.On(" slow  ") + t.Best.On("*") + t.Dim.On(" best  ") + t.Last.On("[ ]") + t.Dim.On(" last  ? <30  "+t.Glyphs.None+" <5 times")
}

// mappable tells whether a learner has a policy map: what two servers' loads make it choose.
func mappable(s *box.Sight, l *live.Learner) bool {
	return l != nil && l.Table.Kind == "factored" && len(s.Snap.Servers) > 1 && len(l.Table.Rows) > 0
}
