package report

import "slbtui/engine/report/chart"

// document is a report for people before it is laid out, so that Markdown and HTML say the same.
type document struct {
	Title    string
	Warning  []string // reasons not to trust the numbers
	Sections []section
}

type section struct {
	Title  string
	Blocks []block
}

// block is one of: a paragraph, a list, a table, a piece of code, figures.
type block struct {
	Text    string
	Items   []string
	Table   *table
	Code    string
	Figures []chart.Chart
}

// table has as many columns as Header. The first is text and the others are numbers, unless Left.
type table struct {
	Header []string
	Rows   [][]string
	Left   bool // names and what they are, all text
}

func paragraph(s string) block { return block{Text: s} }

func list(items []string) block { return block{Items: items} }

func rows(header []string, cells [][]string) block {
	return block{Table: &table{Header: header, Rows: cells}}
}
