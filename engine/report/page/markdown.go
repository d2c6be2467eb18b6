package page

import (
	"fmt"
	"io"
	"strings"

	"slbtui/engine/printable"
)

// Markdown writes the document. It shows the plots that lie beside it, as PNG.
func Markdown(w io.Writer, d Document) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", d.Title)
	if d.Lead != "" {
		fmt.Fprintf(&b, "\n**%s**\n", d.Lead)
	}
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

func markdownBlock(b *strings.Builder, k Block) {
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

func markdownTable(b *strings.Builder, t Table) {
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
