package theme

import (
	"cmp"
	"slices"
	"strings"

	"slbtui/tui/format"
)

// Column is one column of a table: how wide, how dear, and what stands in a row of it.
type Column struct {
	Title   string
	Width   int
	Rank    int // the highest ranks go first when there is no room
	Numeric bool
	Cell    func(row int) (Ink, string)
}

// Choose keeps the columns of lowest rank that fit into w cells, in their order.
func Choose(columns []Column, w int) []Column {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(columns[a].Rank, columns[b].Rank) })
	keep := make([]bool, len(columns))
	for _, i := range order {
		if need := columns[i].Width + 1; need <= w {
			keep[i] = true
			w -= need
		}
	}
	var out []Column
	for i, c := range columns {
		if keep[i] {
			out = append(out, c)
		}
	}
	return out
}

// Used is the width of the columns, each with the blank before it.
func Used(columns []Column) int {
	n := 0
	for _, c := range columns {
		n += c.Width + 1
	}
	return n
}

// Heading is the line of the titles.
func (t *Theme) Heading(columns []Column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteByte(' ')
		if c.Numeric {
			b.WriteString(format.Right(c.Title, c.Width))
		} else {
			b.WriteString(format.Left(c.Title, c.Width, ""))
		}
	}
	return t.Dim.On(b.String())
}

// Row is a line of the cells of a row.
func (t *Theme) Row(columns []Column, row int) string {
	var b strings.Builder
	for _, c := range columns {
		style, text := c.Cell(row)
		text = format.Printable(text)
		b.WriteByte(' ')
		if c.Numeric {
			text = format.Right(text, c.Width)
		} else {
			text = format.Left(text, c.Width, t.Glyphs.Ellipsis)
		}
		b.WriteString(style.On(text))
	}
	return b.String()
}
