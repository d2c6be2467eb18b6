package pane

import (
	"cmp"
	"slices"
	"strings"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// qorder is how the rows of the Q-table are sorted.
type qorder int

const (
	byUse    qorder = iota // joint: most visited first; factored: by in-flight level
	byValue                // best value first
	byRecent               // last used first
	qorders
	byLoad // from low to high load: as the heat map of a joint table stands unless another order was chosen
)

var qorderNames = [qorders]string{"visits", "value", "recency"}

// orderShown is how the rows are sorted now.
func (p *QTable) orderShown() qorder {
	if p.view == viewHeat && p.order == byUse {
		return byLoad
	}
	return p.order
}

// load is how much the servers of a joint table's row have to do, from its label; 0 for all low.
func load(label string) int {
	return strings.Count(label, "medium") + 2*strings.Count(label, "high")
}

// word names an order for a kind of table.
func (o qorder) word(kind string) string {
	switch {
	case o == byValue:
		return "by value"
	case o == byRecent:
		return "by recency"
	case kind == "factored":
		return "by level"
	case o == byLoad:
		return "by load"
	}
	return "by visits"
}

// turnOrder sorts the Q-table in the next way.
func (p *QTable) turnOrder(s *box.Sight) box.Act {
	l := words.Learner(s.Snap)
	if l == nil {
		return box.Complain("there is no Q-table to sort yet")
	}
	p.order = (p.order + 1) % qorders
	p.scroll.First = 0
	return box.Act{Keep: box.Preference{Name: "sort", Value: qorderNames[p.order]}, Say: "Q-table sorted " + p.order.word(l.Table.Kind)}
}

// rowsOf tells one copy of a table's rows from another; snapshots never change.
type rowsOf struct {
	first *qlearn.Row
	n     int
}

func rowsIn(t *qlearn.Table) rowsOf {
	if len(t.Rows) == 0 {
		return rowsOf{}
	}
	return rowsOf{&t.Rows[0], len(t.Rows)}
}

// qsorting is all that the rows shown and their order depend on.
type qsorting struct {
	rows   rowsOf
	filter box.Filter
	order  qorder
}

// rows are those shown, in their order. The caller must not change them.
func (p *QTable) rows(l *live.Learner) []*qlearn.Row {
	key := qsorting{rows: rowsIn(&l.Table), filter: p.filter, order: p.orderShown()}
	return p.sorted.Of(key, func() []*qlearn.Row { return sorted(l, p.filter, p.orderShown()) })
}

// MostUsed are all rows of a learner's table in the order in which they are shown first.
func MostUsed(l *live.Learner) []*qlearn.Row { return sorted(l, "", byUse) }

func sorted(l *live.Learner, f box.Filter, o qorder) []*qlearn.Row {
	rows := filtered(l.Table.Rows, f)
	if (o == byUse || o == byLoad) && l.Table.Kind == "factored" {
		return rows
	}
	type ranked struct {
		row    *qlearn.Row
		used   uint64
		value  float64
		visits uint64
	}
	all := make([]ranked, len(rows))
	for i, r := range rows {
		switch all[i].row = r; o {
		case byLoad:
			all[i].value, all[i].visits = -float64(load(r.Label)), Visits(r)
		case byValue:
			all[i].value = bestQ(r)
		case byRecent:
			all[i].used, all[i].visits = r.Used, Visits(r)
		default:
			all[i].visits = Visits(r)
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.used, a.used), cmp.Compare(b.value, a.value), cmp.Compare(b.visits, a.visits))
	})
	for i := range all {
		rows[i] = all[i].row
	}
	return rows
}

// filtered are the rows that a filter lets through.
func filtered(rows []qlearn.Row, f box.Filter) []*qlearn.Row {
	out := make([]*qlearn.Row, 0, len(rows))
	for i := range rows {
		if f.Lets(rows[i].Label, words.Briefer.Replace(rows[i].Label), words.Letters.Replace(rows[i].Label)) {
			out = append(out, &rows[i])
		}
	}
	return out
}

// bestQ is the value of a row's best server; rows without one come last.
func bestQ(r *qlearn.Row) float64 {
	if r.Best < 0 || r.Best >= len(r.Q) {
		return -1e300
	}
	return format.Finite(r.Q[r.Best])
}

// Visits is how often a row was met.
func Visits(r *qlearn.Row) uint64 {
	n := uint64(0)
	for _, v := range r.Visits {
		n += v
	}
	return n
}

// labelling is all that shownLabels depend on.
type labelling struct {
	rows rowsOf
	room int
}
