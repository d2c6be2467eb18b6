package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"

	"slbtui/engine/report/chart"
)

//go:embed comparison.html
var comparisonPage string

var pageTemplate = template.Must(template.New("comparison").Funcs(template.FuncMap{"svg": inlineSVG}).Parse(comparisonPage))

// ComparisonHTML writes report.html: what summary_report.md says, with the plots drawn inside.
// The page needs no network and runs no script.
func ComparisonHTML(w io.Writer, c Comparison) error {
	return pageTemplate.Execute(w, describe(c))
}

// inlineSVG draws a chart as an element of a page.
func inlineSVG(figure chart.Chart) (template.HTML, error) {
	var b bytes.Buffer
	if err := chart.SVG(&b, figure); err != nil {
		return "", err
	}
	// The declaration and the comment before the element have no place inside a page. What is drawn
	// is escaped already, by the SVG writer.
	_, element, _ := bytes.Cut(b.Bytes(), []byte("<svg"))
	return template.HTML("<svg" + string(element)), nil
}
