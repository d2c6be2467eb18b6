package tui

import (
	"cmp"
	"slices"
	"strconv"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/format"
)

// terms is a decision as a table, servers x terms, the best first: heading and at most rows lines.
func (m *Model) terms(l *live.Learner, d *live.Decision, w, rows int) []string {
	t := &m.theme
	order := make([]int, len(d.Servers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &d.Servers[a], &d.Servers[b]
		if x.Available == y.Available {
			return cmp.Compare(x.ScoreMS, y.ScoreMS)
		}
		if x.Available {
			return -1
		}
		return 1
	})
	// The chosen one is always in sight, even when it was drawn from the end of the list.
	if at := slices.Index(order, d.Chosen); at >= rows && rows > 0 {
		order[rows-1] = d.Chosen
	}
	columns := choose(m.termColumns(l, d, order), w-1)
	lines := []string{" " + t.heading(columns)}
	for i := range min(rows, len(order)) {
		lead := " "
		if order[i] == d.Chosen {
			lead = t.last.on(t.glyphs.cursor)
		}
		lines = append(lines, lead+t.row(columns, i))
	}
	return lines
}

func (m *Model) termColumns(l *live.Learner, d *live.Decision, order []int) []column {
	t, id := &m.theme, 6
	for i := range d.Servers {
		id = max(id, min(len(m.snap.Servers[i].ID), 14))
	}
	number := func(title string, w, rank int, of func(*qlearn.Explanation) string) column {
		return column{title: title, width: w, rank: rank, numeric: true, cell: func(i int) (ink, string) {
			e := &d.Servers[order[i]]
			if order[i] == d.Chosen {
				return t.last, of(e)
			}
			return t.plain, of(e)
		}}
	}
	name := column{title: "server", width: id, rank: 0, cell: func(i int) (ink, string) {
		if order[i] == d.Chosen {
			return t.last, m.snap.Servers[order[i]].ID
		}
		return t.plain, m.snap.Servers[order[i]].ID
	}}
	note := column{title: "", width: 8, rank: 2, cell: func(i int) (ink, string) { return verdict(t, d, order[i]) }}
	load := func(e *qlearn.Explanation) string { return levelName(l, e.Level) }
	if l.Table.Kind == "joint" {
		return []column{name, number("load", 6, 3, load), number("Q", 8, 1, func(e *qlearn.Explanation) string {
			return strconv.FormatFloat(qOf(e), 'f', 1, 64)
		}), note}
	}
	return []column{
		name,
		number("in fl", 5, 3, load),
		number("table", 6, 4, func(e *qlearn.Explanation) string { return format.Millis(e.CellMS) }),
		number(t.glyphs.times+"speed", 6, 5, func(e *qlearn.Explanation) string { return strconv.FormatFloat(format.Finite(e.Speed), 'f', 2, 64) }),
		number("+delay", 6, 6, func(e *qlearn.Explanation) string { return format.Millis(e.SocialMS) }),
		number("+late", 6, 7, func(e *qlearn.Explanation) string { return format.Millis(e.CensoredMS) }),
		number("+fail", 6, 8, func(e *qlearn.Explanation) string { return format.Millis(e.FailMS) }),
		number("=score", 7, 1, func(e *qlearn.Explanation) string {
			if !e.Known {
				return "-"
			}
			return format.Millis(e.ScoreMS)
		}),
		note,
	}
}

// verdict is a word on what became of a server in a decision.
func verdict(t *theme, d *live.Decision, i int) (ink, string) {
	switch e := &d.Servers[i]; {
	case i == d.Chosen && d.Explored:
		return t.last, "explored"
	case i == d.Chosen:
		return t.last, "chosen"
	case i == d.Routed:
		return t.dim, "got it"
	case !e.Available:
		return t.bad, "out"
	case !e.Known:
		return t.dim, "untried"
	}
	return t.dim, ""
}
