package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHTMLSaysWhatMarkdownSays(t *testing.T) {
	c := small.comparison()
	c.Invalid = []string{"the load generator lagged"}
	var page bytes.Buffer
	require.NoError(t, ComparisonHTML(&page, c))
	html := page.String()
	for _, s := range describe(c).Sections {
		require.Contains(t, html, "<h2>"+s.Title+"</h2>")
		for _, k := range s.Blocks {
			if k.Table == nil {
				continue
			}
			for _, row := range k.Table.Rows {
				for _, cell := range row {
					require.Contains(t, html, strings.NewReplacer("'", "&#39;", "+", "&#43;").Replace(cell))
				}
			}
		}
	}
	require.Contains(t, html, "Not to be trusted: the load generator lagged.")
	require.Equal(t, len(Charts(c)), strings.Count(html, "<svg"))
	require.Equal(t, strings.Count(html, "<svg"), strings.Count(html, "</svg>"))
}

func TestHTMLNeedsNothingFromElsewhere(t *testing.T) {
	var page bytes.Buffer
	require.NoError(t, ComparisonHTML(&page, small.comparison()))
	html := page.String()
	names := regexp.MustCompile(`xmlns(:xlink)?="[^"]*"`)
	require.NotContains(t, names.ReplaceAllString(html, ""), "://")
	for _, word := range []string{"<script", "<link", "<img", "@import", "url(", " src="} {
		require.NotContains(t, html, word)
	}
}

func TestHTMLEscapesNames(t *testing.T) {
	c := small.comparison()
	const name = `<script>alert("x")</script>`
	p := c.Strategies["q_learning"]
	p.Policy = name
	c.Strategies[name] = p
	c.Policies = []string{"round_robin", name}
	c.Servers[0].ID = name
	c.Faults[0].Kind = name
	var page bytes.Buffer
	require.NoError(t, ComparisonHTML(&page, c))
	require.NotContains(t, page.String(), "<script")
}
