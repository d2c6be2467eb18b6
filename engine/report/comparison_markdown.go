package report

import (
	"fmt"
	"io"
	"strings"

	"slbtui/engine/printable"
)

// ComparisonMarkdown writes summary_report.md: what was run, the tables, what the numbers do and do
// not say, how to run it again. It shows the plots that lie beside it.
func ComparisonMarkdown(w io.Writer, c Comparison) error {
	var b strings.Builder
	d := describe(c)
	fmt.Fprintf(&b, "# %s\n", d.Title)
	for _, reason := range d.Warning {
		fmt.Fprintf(&b, "\n**Not to be trusted: %s.**\n", reason)
	}
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n## %s\n", s.Title)
		for _, block := range s.Blocks {
			b.WriteString("\n")
			markdownBlock(&b, block)
		}
	}
	_, err := io.WriteString(w, printable.Lines(b.String()))
	return err
}

func markdownBlock(b *strings.Builder, k block) {
	switch {
	case k.Table != nil:
		markdownTable(b, *k.Table)
	case k.Code != "":
		fmt.Fprintf(b, "```sh\n%s\n```\n", k.Code)
	case k.Items != nil:
		for _, item := range k.Items {
			fmt.Fprintf(b, "- %s\n", item)
		}
	case k.Figures != nil:
		for _, f := range k.Figures {
			fmt.Fprintf(b, "![%s](%s.png)\n%s\n\n", f.Title, f.Name, f.Caption)
		}
	default:
		b.WriteString(k.Text + "\n")
	}
}

func markdownTable(b *strings.Builder, t table) {
	line := func(cells []string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + cellEscape.Replace(c) + " |")
		}
		b.WriteString("\n")
	}
	line(t.Header)
	for i := range t.Header {
		if i == 0 || t.Left {
			b.WriteString("|---")
		} else {
			b.WriteString("|---:")
		}
	}
	b.WriteString("|\n")
	for _, cells := range t.Rows {
		line(cells)
	}
}

var cellEscape = strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ")
