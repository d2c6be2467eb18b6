package tui

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine"
	"slbtui/qlearn"
)

// qorder is how the rows of the Q-table are sorted.
type qorder int

const (
	byUse    qorder = iota // joint: most visited first; factored: by in-flight level
	byValue                // best value first
	byRecent               // what the latest decisions used first, then the most visited
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

// qrows are the rows shown, in their order.
func (m *Model) qrows(l *engine.Learner) []*qlearn.Row {
	rows := m.filtered(l.Table.Rows)
	switch m.qorder {
	case byValue:
		slices.SortStableFunc(rows, func(a, b *qlearn.Row) int { return cmp.Compare(bestQ(b), bestQ(a)) })
	case byRecent:
		age := m.ages(l)
		slices.SortStableFunc(rows, func(a, b *qlearn.Row) int {
			return cmp.Or(cmp.Compare(age(a), age(b)), cmp.Compare(visits(b), visits(a)))
		})
	default:
		if l.Table.Kind != "factored" {
			slices.SortStableFunc(rows, func(a, b *qlearn.Row) int { return cmp.Compare(visits(b), visits(a)) })
		}
	}
	return rows
}

// bestQ is the value of a row's best server; rows without one come last.
func bestQ(r *qlearn.Row) float64 {
	if r.Best < 0 || r.Best >= len(r.Q) {
		return -1e300
	}
	return finite(r.Q[r.Best])
}

// ages tells how many sampled decisions ago a row was used; those of longer ago are all as old.
func (m *Model) ages(l *engine.Learner) func(*qlearn.Row) int {
	decisions := m.decisions(l)
	states, levels := map[string]int{}, map[int]int{}
	for i := len(decisions) - 1; i >= 0; i-- {
		d := decisions[i]
		states[d.State] = i + 1
		levels[d.Servers[d.Chosen].Level] = i + 1
	}
	return func(r *qlearn.Row) int {
		if r.ID == l.Table.LastRow {
			return 0
		}
		age, ok := levels[r.ID]
		if l.Table.Kind != "factored" {
			age, ok = states[r.Label]
		}
		if !ok {
			return len(decisions) + 1
		}
		return age
	}
}

func visits(r *qlearn.Row) uint64 {
	n := uint64(0)
	for _, v := range r.Visits {
		n += v
	}
	return n
}
