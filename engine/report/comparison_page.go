package report

import (
	"io"

	"slbtui/engine/report/page"
)

// ComparisonMarkdown writes summary_report.md: what was run, the tables, what the numbers do and do
// not say, how to run it again. It shows the plots that lie beside it.
func ComparisonMarkdown(w io.Writer, c Comparison) error { return page.Markdown(w, describe(c)) }

// ComparisonHTML writes report.html: what summary_report.md says, with the plots drawn inside.
// The page needs no network and runs no script.
func ComparisonHTML(w io.Writer, c Comparison) error { return page.HTML(w, describe(c)) }
