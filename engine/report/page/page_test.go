package page

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/report/chart"
)

func TestBothSayTheSame(t *testing.T) {
	d := Document{Title: "A title", Lead: "The <answer>.", Warning: []string{"it lagged"}}
	d.Add("Empty")
	d.Add("Numbers", Rows([]string{"name", "n"}, [][]string{{"a|b", "1"}}), Paragraph("A text."), List([]string{"an item"}), Block{Code: "slbtui fit"})
	d.Add("Plots", Block{Figures: []chart.Chart{{Name: "c", Title: "A chart", Caption: "Read it so.", Height: 100, Panels: []chart.Panel{{X: chart.Axis{Max: 1}, Y: chart.Axis{Max: 1}}}}}})
	require.Len(t, d.Sections, 2, "what is empty is left out")
	var md, html bytes.Buffer
	require.NoError(t, Markdown(&md, d))
	require.NoError(t, HTML(&html, d))
	require.True(t, strings.HasPrefix(md.String(), "# A title\n\n**The <answer>.**\n\n**Not to be trusted: it lagged.**\n"), md.String())
	require.Contains(t, md.String(), `| a\|b | 1 |`)
	require.Contains(t, md.String(), "![A chart](c.png)")
	require.Contains(t, html.String(), `<p class="lead">The &lt;answer&gt;.</p>`)
	for _, s := range []string{"A text.", "an item", "slbtui fit", "Read it so."} {
		require.Contains(t, md.String(), s)
		require.Contains(t, html.String(), s)
	}
	require.Contains(t, html.String(), "<svg")
}
