package tui

import (
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/format"
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
func (m *Model) turnView() tea.Cmd {
	m.qview = (m.qview + 1) % qviews
	if l := m.learner(); m.qview == viewMap && !m.mappable(l) {
		m.qview = viewValues
	}
	m.scroll[paneQTable] = 0
	m.say(false, "Q-table as "+qviewNames[m.qview])
	return m.prefer("table", qviewNames[m.qview])
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

// shades is how many steps the heat map tells apart.
const shades = 4

// shade is between 0, the cheapest, and shades-1, the dearest.
func (h heat) shade(q float64) int {
	if h.high <= h.low {
		return 0
	}
	return min(max(int((logCost(q)-h.low)/(h.high-h.low)*shades), 0), shades-1)
}

// heatCell is one cell of the heat map, width+1 cells wide: shade, star of the best, brackets of
// the last decision.
func (m *Model) heatCell(h heat, r *qlearn.Row, i, width int, decided bool) string {
	t := &m.theme
	if i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] == 0 {
		return t.dim.on(format.Right(t.glyphs.none+" ", width+1))
	}
	n := h.shade(r.Q[i])
	body := t.heat[n].on(strings.Repeat(t.glyphs.shades[n], max(width-2, 1)))
	star, open, shut := " ", " ", " "
	if i == r.Best {
		star = t.best.on("*")
	}
	if decided {
		open, shut = t.last.on("["), t.last.on("]")
	}
	return open + body + star + shut
}

// heatLegend says what the shades mean.
func (m *Model) heatLegend() string {
	t := &m.theme
	line := t.dim.on(" fast ")
	for i, s := range t.glyphs.shades {
		line += t.heat[i].on(s)
	}
	return line + t.dim.on(" slow  ") + t.best.on("*") + t.dim.on(" best  ") + t.last.on("[ ]") + t.dim.on(" last  "+t.glyphs.none+" untried")
}

// mappable tells whether a learner has a policy map: what two servers' loads make it choose.
func (m *Model) mappable(l *live.Learner) bool {
	return l != nil && l.Table.Kind == "factored" && len(m.snap.Servers) > 1 && len(l.Table.Rows) > 0
}
