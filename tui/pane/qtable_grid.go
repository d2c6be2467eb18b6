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

// qcell is one value, qWidth+1 cells wide: " -12.3* " or, for the last decision, "[-12.3*]".
func qcell(t *theme.Theme, r *qlearn.Row, i int, decided bool) string {
	if i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] == 0 {
		return t.Dim.On(format.Right(t.Glyphs.None+" ", qWidth+1))
	}
	style, text := t.Plain, format.Compact(r.Q[i])
	star := " "
	if i == r.Best {
		style, star = t.Best, "*"
	}
	if decided {
		return t.Last.On(format.Right("["+text+star+"]", qWidth+1))
	}
	return style.On(format.Right(text+star, qWidth)) + " "
}
