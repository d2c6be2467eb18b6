package dialog

import (
	"cmp"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Terms is a decision as a table, servers x terms, the best first: heading and at most rows lines.
func Terms(s *box.Sight, l *live.Learner, d *live.Decision, w, rows int) []string {
	t := s.Theme
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
	table := theme.Choose(termColumns(s, l, d, order), w-1)
	lines := []string{" " + t.Heading(table)}
	for i := range min(rows, len(order)) {
		lead := " "
		if order[i] == d.Chosen {
			lead = t.Last.On(t.Glyphs.Cursor)
		}
		lines = append(lines, lead+t.Row(table, i))
	}
	return lines
}

func termColumns(s *box.Sight, l *live.Learner, d *live.Decision, order []int) []theme.Column {
	t, id := s.Theme, 6
	for i := range d.Servers {
		id = max(id, min(ansi.StringWidth(s.Snap.Servers[i].ID), 14))
	}
	names := s.Names(id)
	number := func(title string, w, rank int, of func(*qlearn.Explanation) string) theme.Column {
		return theme.Column{Title: title, Width: w, Rank: rank, Numeric: true, Cell: func(i int) (theme.Ink, string) {
			e := &d.Servers[order[i]]
			if order[i] == d.Chosen {
				return t.Last, of(e)
			}
			return t.Plain, of(e)
		}}
	}
	name := theme.Column{Title: "server", Width: id, Rank: 0, Cell: func(i int) (theme.Ink, string) {
		if order[i] == d.Chosen {
			return t.Last, names[order[i]]
		}
		return t.Plain, names[order[i]]
	}}
	note := theme.Column{Title: "", Width: 8, Rank: 2, Cell: func(i int) (theme.Ink, string) { return Verdict(t, d, order[i]) }}
	load := func(e *qlearn.Explanation) string { return words.Level(l, e.Level) }
	if l.Table.Kind == "joint" {
		return []theme.Column{name, number("load", 6, 3, load), number("Q", 8, 1, func(e *qlearn.Explanation) string {
			return format.Within(words.Q(e), 1, 8)
		}), note}
	}
	columns := []theme.Column{
		name,
		number("in fl", 5, 3, load),
		number("table", 6, 4, func(e *qlearn.Explanation) string { return format.Millis(e.CellMS) }),
		number(t.Glyphs.Times+"speed", 6, 5, func(e *qlearn.Explanation) string { return format.Within(e.Speed, 2, 6) }),
		number("+delay", 6, 6, func(e *qlearn.Explanation) string { return format.Millis(e.SocialMS) }),
		number("+late", 6, 7, func(e *qlearn.Explanation) string { return format.Millis(e.CensoredMS) }),
		number("+fail", 6, 8, func(e *qlearn.Explanation) string { return format.Millis(e.FailMS + e.RefusedMS + e.ProbationMS) }),
		number("=score", 7, 1, func(e *qlearn.Explanation) string {
			if !e.Known {
				return "-"
			}
			return format.Millis(e.ScoreMS)
		}),
		note,
	}
	if slices.ContainsFunc(d.Servers, func(e qlearn.Explanation) bool { return e.HopeMS != 0 }) { // as in the first minutes
		hope := number("-hope", 6, 9, func(e *qlearn.Explanation) string { return format.Millis(0 - e.HopeMS) })
		columns = slices.Insert(columns, len(columns)-2, hope)
	}
	return columns
}

// Verdict is a word on what became of a server in a decision.
func Verdict(t *theme.Theme, d *live.Decision, i int) (theme.Ink, string) {
	switch e := &d.Servers[i]; {
	case i == d.Chosen && d.Explored:
		return t.Last, "explored"
	case i == d.Chosen:
		return t.Last, "chosen"
	case i == d.Routed:
		return t.Dim, "got it"
	case !e.Available:
		return t.Bad, "out"
	case !e.Known:
		return t.Dim, "untried"
	}
	return t.Dim, ""
}
