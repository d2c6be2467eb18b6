package tui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
)

// qorder is how the rows of the Q-table are sorted.
type qorder int

const (
	byUse    qorder = iota // joint: most visited first; factored: by in-flight level
	byValue                // best value first
	byRecent               // last used first
	qorders
)

// word names an order for a kind of table.
func (o qorder) word(kind string) string {
	switch {
	case o == byValue:
		return "by value"
	case o == byRecent:
		return "by recency"
	case kind == "factored":
		return "by level"
	}
	return "by visits"
}

// turnOrder sorts the Q-table in the next way.
func (m *Model) turnOrder() tea.Cmd {
	l := m.learner()
	if l == nil {
		return m.complain("there is no Q-table to sort yet")
	}
	m.qorder = (m.qorder + 1) % qorders
	m.scroll[paneQTable] = 0
	m.say(false, "Q-table sorted "+m.qorder.word(l.Table.Kind))
	return m.prefer("sort", qorderNames[m.qorder])
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

// qrows are the rows shown, in their order. The caller must not change them.
func (m *Model) qrows(l *live.Learner) []*qlearn.Row {
	key := qsorting{rows: rowsIn(&l.Table), filter: m.filters[paneQTable], order: m.qorder}
	return m.sorted.Of(key, func() []*qlearn.Row { return m.sortRows(l) })
}

func (m *Model) sortRows(l *live.Learner) []*qlearn.Row {
	rows := m.filtered(l.Table.Rows)
	if m.qorder == byUse && l.Table.Kind == "factored" {
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
		switch all[i].row = r; m.qorder {
		case byValue:
			all[i].value = bestQ(r)
		case byRecent:
			all[i].used, all[i].visits = r.Used, visits(r)
		default:
			all[i].visits = visits(r)
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

// bestQ is the value of a row's best server; rows without one come last.
func bestQ(r *qlearn.Row) float64 {
	if r.Best < 0 || r.Best >= len(r.Q) {
		return -1e300
	}
	return format.Finite(r.Q[r.Best])
}

func visits(r *qlearn.Row) uint64 {
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
