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

// Table is the columns that there is room for.
type Table struct {
	Columns []Column
	more    bool // are left out
}

// Choose keeps the columns of lowest rank that fit into w cells, in their order, and a cell for the mark of those
// that don't.
func Choose(columns []Column, w int) Table {
	if (&Table{Columns: columns}).Used() <= w {
		return Table{Columns: columns}
	}
	w -= len(more)
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
	out := Table{more: true}
	for i, c := range columns {
		if keep[i] {
			out.Columns = append(out.Columns, c)
		}
	}
	return out
}

// more stands behind titles where there are columns without room.
const more = ">"

// Used is the width of the columns, each with the blank before it, and of the mark of those left out.
func (c *Table) Used() int {
	n := 0
	if c.more {
		n = len(more)
	}
	for _, c := range c.Columns {
		n += c.Width + 1
	}
	return n
}

// Heading is the line of the titles.
func (t *Theme) Heading(table Table) string {
	var b strings.Builder
	for _, c := range table.Columns {
		b.WriteByte(' ')
		if c.Numeric {
			b.WriteString(format.Right(c.Title, c.Width))
		} else {
			b.WriteString(format.Left(c.Title, c.Width, ""))
		}
	}
	if table.more {
		return t.Dim.On(b.String()) + t.Key.On(more)
	}
	return t.Dim.On(b.String())
}

// Row is a line of the cells of a row.
func (t *Theme) Row(table Table, row int) string {
	var b strings.Builder
	for _, c := range table.Columns {
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
