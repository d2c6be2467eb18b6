package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"

	"slbtui/engine/report/chart"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"svg": inlineSVG}).Parse(pageText))

// HTML writes the document as a page with the charts drawn inside.
func HTML(w io.Writer, d Document) error { return pageTemplate.Execute(w, d) }

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
