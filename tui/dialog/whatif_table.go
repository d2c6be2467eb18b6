package dialog

import (
	"cmp"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// whatIfLine is a row of the table: predicted or real.
type whatIfLine struct {
	routes        bool // it is about the policy that routes
	style         theme.Ink
	name          string
	meanMS, p99MS float64
	errors        float64
	versus        string
	tail          string // after the numbers, instead of a bar
	value         float64
}

// mostRows are those that are kept free for rows to come, whatever a balancer in another process says of them.
const mostRows = 100

// whatIfTable has a row for each policy that is done, the cursor at one of them, and what is real below.
func whatIfTable(s *box.Sight, f *words.Forecast, w, cursor int) []string {
	var lines []whatIfLine
	t, now := s.Theme, s.Latest
	for i := range f.Rows {
		r := &f.Rows[i]
		l := whatIfLine{
			routes: r.Policy == now.Policy, name: words.PolicyOf(r), meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: r.ErrorRate, versus: f.Versus(i), value: f.Value(r),
		}
		switch {
		case r.Reference || f.WithinNoise(i):
			l.style = t.Dim
		case l.routes:
			l.style = t.Title
		case i == 0:
			l.style = t.Bold
		}
		lines = append(lines, l)
	}
	for range max(min(f.Total, mostRows), 0) - len(f.Rows) {
		lines = append(lines, whatIfLine{name: t.Glyphs.None, style: t.Dim}) // so that nothing below moves while rows come in
	}
	for i := range f.Rows {
		if r := &f.Rows[i]; f.Past == nil && r.Policy == now.Policy && f.Lasting < f.Horizon {
			lines = append(lines, whatIfLine{
				routes: true, style: t.Title, name: "predicted, faults on", meanMS: r.Now.MeanMS, p99MS: r.Now.P99MS, errors: r.Now.ErrorRate, tail: " ",
			})
		}
	}
	for _, r := range f.Realities(now) {
		lines = append(lines, whatIfLine{
			routes: true, style: t.Title, name: r.When, meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: 1 - format.Finite(r.SuccessRate), tail: cmp.Or(f.Off(&r, now.Policy), " "),
		})
	}
	table := whatIfColumns(t, f, lines, w-2)
	out := []string{"  " + t.Heading(table)}
	for i := range lines {
		at, lead := " ", " "
		if i == cursor {
			at = t.Title.On(t.Glyphs.Cursor)
		}
		if lines[i].routes {
			lead = t.Title.On(t.Glyphs.Run)
		}
		out = append(out, at+lead+t.Row(table, i))
	}
	return out
}

func whatIfColumns(t *theme.Theme, f *words.Forecast, lines []whatIfLine, w int) theme.Table {
	name, mean, p99 := 20, theme.Column{Title: "MEAN", Width: 7, Rank: 1, Numeric: true}, theme.Column{Title: "P99", Width: 7, Rank: 2, Numeric: true}
	if w < 58 {
		name = 14
	}
	if f.ByP99 {
		mean.Rank, p99.Rank, p99.Title = 2, 1, "P99*"
	} else {
		mean.Title = "MEAN*"
	}
	mean.Cell = func(i int) (theme.Ink, string) { return lines[i].style, format.Millis(lines[i].meanMS) }
	p99.Cell = func(i int) (theme.Ink, string) { return lines[i].style, format.Millis(lines[i].p99MS) }
	table := theme.Choose([]theme.Column{
		{Title: "POLICY", Width: name, Rank: 0, Cell: func(i int) (theme.Ink, string) { return lines[i].style, lines[i].name }},
		mean, p99,
		{Title: "ERRORS", Width: 6, Rank: 4, Numeric: true, Cell: func(i int) (theme.Ink, string) {
			switch l := &lines[i]; {
			case l.meanMS == 0 && l.errors == 0:
				return l.style, ""
			case l.errors > 0.005:
				return t.Bad, format.Percent1(l.errors)
			default:
				return l.style, format.Percent1(l.errors)
			}
		}},
		{Title: "VS NOW", Width: 11, Rank: 3, Numeric: true, Cell: func(i int) (theme.Ink, string) { return lines[i].style, lines[i].versus }},
	}, w)
	if length := min(w-table.Used()-1, 32); length >= 8 {
		table.Columns = append(table.Columns, theme.Column{Width: length, Rank: 5, Cell: func(i int) (theme.Ink, string) {
			if l := &lines[i]; l.tail == "" {
				return l.style, bar(t, l.value, f.Best(), length)
			}
			return lines[i].style, lines[i].tail
		}})
	}
	return table
}

// bar is as long as v is large; best takes two fifths of w, and what doesn't fit ends in an arrow.
func bar(t *theme.Theme, v, best float64, w int) string {
	if !(best > 0) || v <= 0 {
		return ""
	}
	n := v / best * float64(w) * 2 / 5
	if n > float64(w) {
		return format.Repeat(t.Glyphs.Full, w-1) + ">"
	}
	return format.Repeat(t.Glyphs.Full, max(1, int(n+0.5)))
}
