package pane

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

const (
	qWidth  = 7 // "-100.0*"
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

func qheading(s *box.Sight, l *live.Learner, g *qgrid) string {
	line := " " + format.Left(words.Situation(l), g.label, "")
	for i := g.first; i < g.last; i++ {
		id := format.Printable(s.Snap.Servers[i].ID)
		if n := ansi.StringWidth(id); n > g.cell {
			id = ansi.TruncateLeft(id, n-g.cell+1, s.Theme.Glyphs.Dot)
		}
		line += format.Right(id, g.cell) + " "
	}
	return s.Theme.Dim.On(line + format.Right("visits", nVisits))
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
	style, text := t.Plain, fmt.Sprintf("%.1f", format.Finite(r.Q[i]))
	star := " "
	if i == r.Best {
		style, star = t.Best, "*"
	}
	if decided {
		return t.Last.On(format.Right("["+text+star+"]", qWidth+1))
	}
	return style.On(format.Right(text+star, qWidth)) + " "
}
