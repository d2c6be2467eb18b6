package tui

import (
	"cmp"
	"slices"
	"strings"

	"slbtui/tui/format"
)

// column is one column of a table: how wide, how dear, and what stands in a row of it.
type column struct {
	title   string
	width   int
	rank    int // the highest ranks go first when there is no room
	numeric bool
	cell    func(row int) (ink, string)
}

// choose keeps the columns of lowest rank that fit into w cells, in their order.
func choose(columns []column, w int) []column {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(columns[a].rank, columns[b].rank) })
	keep := make([]bool, len(columns))
	for _, i := range order {
		if need := columns[i].width + 1; need <= w {
			keep[i] = true
			w -= need
		}
	}
	var out []column
	for i, c := range columns {
		if keep[i] {
			out = append(out, c)
		}
	}
	return out
}

// used is the width of the columns, each with the blank before it.
func used(columns []column) int {
	n := 0
	for _, c := range columns {
		n += c.width + 1
	}
	return n
}

func (t *theme) heading(columns []column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteByte(' ')
		if c.numeric {
			b.WriteString(format.Right(c.title, c.width))
		} else {
			b.WriteString(format.Left(c.title, c.width, ""))
		}
	}
	return t.dim.on(b.String())
}

func (t *theme) row(columns []column, row int) string {
	var b strings.Builder
	for _, c := range columns {
		style, text := c.cell(row)
		text = format.Printable(text)
		b.WriteByte(' ')
		if c.numeric {
			text = format.Right(text, c.width)
		} else {
			text = format.Left(text, c.width, t.glyphs.ellipsis)
		}
		b.WriteString(style.on(text))
	}
	return b.String()
}

// visible returns the first of n lines to show in a window of h so that line at is inside,
// starting from the first one shown before.
func visible(first, at, n, h int) int {
	if at < first {
		first = at
	}
	if at >= first+h {
		first = at - h + 1
	}
	return max(0, min(first, n-h))
}
