// Package page lays reports for people out: titles, paragraphs, lists, tables, code and charts, as Markdown and as one
// HTML file that needs no network and runs no script. Both say the same. It knows no result, writes to an io.Writer alone,
// and starts no goroutine.
package page

import "slbtui/engine/report/chart"

// Document is a report before it is laid out.
type Document struct {
	Title    string
	Lead     string   // the answer in one sentence; "" where there is none
	Warning  []string // reasons not to trust the numbers
	Sections []Section
}

// Section is what stands below a title.
type Section struct {
	Title  string
	Blocks []Block
}

// Add appends a section, unless it is empty.
func (d *Document) Add(title string, blocks ...Block) {
	if len(blocks) > 0 {
		d.Sections = append(d.Sections, Section{Title: title, Blocks: blocks})
	}
}

// Block is one of: a paragraph, a list, a table, a piece of code, figures.
type Block struct {
	Text    string
	Items   []string
	Table   *Table
	Code    string
	Figures []chart.Chart
}

// Table has as many columns as Header. The first is text and the others are numbers, unless Left.
type Table struct {
	Header []string
	Rows   [][]string
	Left   bool // names and what they are, all text
}

// Paragraph is a block of text.
func Paragraph(s string) Block { return Block{Text: s} }

// List is a block of items.
func List(items []string) Block { return Block{Items: items} }

// Rows is a block that is a table of numbers.
func Rows(header []string, cells [][]string) Block {
	return Block{Table: &Table{Header: header, Rows: cells}}
}
