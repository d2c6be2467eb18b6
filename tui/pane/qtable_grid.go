package pane

import (
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

const (
	qWidth  = 7 // "[-99.9*" of the last decision, and "]" in the blank after it
	nVisits = 6
)

// qgrid says where the cells of a table stand.
type qgrid struct {
	brief       func(string) string // writes a row's label
	label       int                 // width of the labels
	first, last int                 // servers shown
	cell        int                 // width of a cell, with the blank after it one more
	heat        heat
	lastRow     int // qlearn.Row.ID of the last decision
	lastServer  int
}

func (p *QTable) grid(s *box.Sight, l *live.Learner, w int) qgrid {
	n := len(s.Snap.Servers)
	g := qgrid{cell: qWidth, first: min(p.column, max(0, n-1))}
	g.lastRow, g.lastServer = words.LastCell(s.Snap, l)
	const narrow = 4 // a shade needs less than a number
	if p.view == viewHeat {
		g.heat = p.shaded.Of(rowsIn(&l.Table), func() heat { return newHeat(l.Table.Rows) })
		if n*(qWidth+1) > w-12-nVisits {
			g.cell = narrow
		}
	}
	room := min(w-1-nVisits-min(n, 3)*(g.cell+1), max(w/2, 10)) // the label of many servers leaves half to their values
	label := p.written.Of(labelling{rowsIn(&l.Table), room}, func() words.Labels { return words.LabelsIn(l.Table.Rows, room) })
	g.brief, g.label = label.Brief, max(label.Width, ansi.StringWidth(words.Situation(l))+1)
	g.last = min(n, g.first+max(1, (w-g.label-1-nVisits)/(g.cell+1)))
	return g
}

// qheading has the servers' names. Where there are servers beyond an edge, the blank there says so.
func qheading(s *box.Sight, l *live.Learner, g *qgrid) string {
	t, names := s.Theme, s.Names(g.cell)
	done, line := "", " "+format.Left(words.Situation(l), g.label-1, "")
	edge := func(beyond bool, mark string) {
		if !beyond {
			line += " "
			return
		}
		done, line = done+t.Dim.On(line)+t.Key.On(mark), ""
	}
	edge(g.first > 0, "<")
	for i := g.first; i < g.last; i++ {
		if line += format.Right(names[i], g.cell); i < g.last-1 {
			line += " "
		}
	}
	edge(g.last < len(names), ">")
	return done + t.Dim.On(line+format.Right("visits", nVisits))
}

func (p *QTable) row(t *theme.Theme, r *qlearn.Row, g *qgrid) string {
	current := r.ID == g.lastRow
	lead, style := " ", t.Plain
	if current {
		lead, style = t.Last.On(t.Glyphs.Cursor), t.Last
	}
	line := lead + style.On(format.Left(g.brief(format.Printable(r.Label)), g.label, t.Glyphs.Ellipsis))
	for i := g.first; i < g.last; i++ {
		decided := current && i == g.lastServer
		if p.view == viewHeat {
			line += heatCell(t, g.heat, r, i, g.cell, decided)
		} else {
			line += qcell(t, r, i, decided)
		}
	}
	return line + t.Dim.On(format.Right(format.Count(Visits(r)), nVisits))
}

// trust is how much is to be made of a cell, by the visits that it rests on.
type trust int

const (
	guess trust = iota // it says nothing yet
	unsure
	sure
)

// How many visits it takes.
const (
	unsureFrom = 5
	sureFrom   = 30
)

func trustIn(r *qlearn.Row, i int) trust {
	switch {
	case i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] < unsureFrom:
		return guess
	case r.Visits[i] < sureFrom:
		return unsure
	}
	return sure
}

// markOf is what stands behind a cell: a star of the best, a question mark where little is known.
func markOf(r *qlearn.Row, i int) string {
	switch {
	case i == r.Best:
		return "*"
	case trustIn(r, i) == unsure:
		return "?"
	}
	return " "
}

// qcell is one value, qWidth+1 cells wide: " -12.3* " or, for the last decision, "[-12.3*]". What is unsure looks
// so: dim and with a question mark, and a dot in place of a guess.
func qcell(t *theme.Theme, r *qlearn.Row, i int, decided bool) string {
	style, text, mark := t.Plain, t.Glyphs.None, markOf(r, i)
	switch trust := trustIn(r, i); {
	case trust == guess:
		style = t.Dim
	case trust == unsure:
		style, text = t.Dim, format.Compact(r.Q[i])
	case i == r.Best:
		style, text = t.Best, format.Compact(r.Q[i])
	default:
		text = format.Compact(r.Q[i])
	}
	if decided {
		return t.Last.On(format.Right("["+text+mark+"]", qWidth+1))
	}
	return style.On(format.Right(text+mark, qWidth)) + " "
}
