package chart_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/tui/chart"
)

var sets = []chart.Glyphs{chart.Braille, chart.Block, chart.ASCII}

// hostile are the values that the chart models of ntcharts don't survive.
var hostile = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1e308, -1e308, 5e-324, 1, 100}

func TestAnyValueInAnySizeFillsItsCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := sets[rapid.IntRange(0, 2).Draw(t, "symbols")]
		w, h := rapid.IntRange(-2, 120).Draw(t, "w"), rapid.IntRange(-2, 40).Draw(t, "h")
		values := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(hostile), rapid.Float64())).Draw(t, "values")
		p := chart.Plot{
			Series: []chart.Series{{Values: values, Style: "\x1b[31m"}, {Values: hostile}}, Span: rapid.IntRange(-1, 400).Draw(t, "span"),
			Markers: []chart.Marker{{Ago: rapid.IntRange(-5, 500).Draw(t, "ago"), Rune: 'F'}}, Glyphs: g,
		}
		lines := p.Draw(w, h)
		require.Len(t, lines, max(h, 0))
		for _, line := range lines {
			require.Equal(t, max(w, 0), ansi.StringWidth(line), "%q", line)
		}
		require.Equal(t, max(w, 0), ansi.StringWidth(chart.Spark(values, w, g)))
		for _, line := range chart.Bars(values, w, max(h, 1), g) {
			require.Equal(t, max(w, 0), ansi.StringWidth(line))
		}
		require.LessOrEqual(t, len(chart.Squeeze(values, w)), max(len(values), 0))
	})
}

func TestTopIsARoundNumber(t *testing.T) {
	for v, want := range map[float64]float64{0: 1, 0.4: 1, 1.2: 1.5, 99: 100, 101: 150, 310: 400, 1e6: 1e6} {
		require.InEpsilon(t, want, chart.Top([]float64{v, math.NaN(), math.Inf(1)}), 1e-9, "%v", v)
	}
}

func TestSqueezeKeepsTheShape(t *testing.T) {
	require.Equal(t, []float64{1.5, 3.5}, chart.Squeeze([]float64{1, 2, 3, 4}, 2))
	require.Equal(t, []float64{1, 2}, chart.Squeeze([]float64{1, 2}, 5))
}

func ExampleSpark() {
	fmt.Println(chart.Spark([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 8, chart.Braille))
	fmt.Println(chart.Spark([]float64{1, 2, 3, 4, 5, 6, 7, 8}, 8, chart.ASCII))
	// Output:
	// ▂▃▄▅▆▇██
	// .-=+*#@@
}

func ExamplePlot_Draw() {
	ramp := make([]float64, 20)
	for i := range ramp {
		ramp[i] = float64(5 * i)
	}
	p := chart.Plot{Series: []chart.Series{{Values: ramp}}, Span: 20, Markers: []chart.Marker{{Ago: 10, Rune: 'F'}}, Glyphs: chart.ASCII}
	for _, line := range p.Draw(24, 5) {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	// 100+               ooooo
	//    |          ooooo
	//    |     ooooo
	//    |ooooo
	//    +---------F----------
}
