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
		ago := func(name string) int { return rapid.IntRange(-5, 500).Draw(t, name) }
		over := chart.Time{
			Span: rapid.IntRange(-1, 400).Draw(t, "span"), Glyphs: g,
			Markers:  []chart.Marker{{Ago: ago("marker"), Rune: 'F'}},
			Shades:   []chart.Shade{{From: ago("from"), To: ago("to"), Ground: "\x1b[41m", Style: "\x1b[33m"}},
			Captions: []chart.Caption{{Ago: ago("caption"), Text: "RR", Rule: true}, {Ago: ago("fault"), Text: "server1 slow x5"}, {Ago: ago("policy"), Text: "q_learning", Rule: true}},
			Ticks:    []chart.Tick{{Ago: 0, Text: "now"}, {Ago: ago("tick"), Text: "-30s"}, {Ago: 399, Text: "-1m"}},
		}
		p := chart.Plot{
			Time: over, Series: []chart.Series{{Values: values, Style: "\x1b[31m", End: "p50 66ms"}, {Values: hostile, End: "99"}, {Values: values, End: "p99"}},
			Level: chart.Level{Value: rapid.SampledFrom(hostile).Draw(t, "level"), Since: ago("since"), End: "RR"},
		}
		d := chart.Density{Time: over, Edge: func(i int) float64 { return float64(i) }, Shades: []string{".", "#"}, Inks: []string{"", "\x1b[31m"}}
		for range rapid.IntRange(0, 9).Draw(t, "seconds") {
			d.Counts = append(d.Counts, rapid.SliceOfN(rapid.Uint32(), 0, 80).Draw(t, "counts"))
		}
		over.Left, over.Right = rapid.IntRange(-1, 20).Draw(t, "left"), rapid.IntRange(-1, 20).Draw(t, "right")
		a := chart.Area{Time: over}
		for i := range rapid.IntRange(0, 5).Draw(t, "bands") {
			a.Bands = append(a.Bands, chart.Band{Values: values[min(i, len(values)):], Style: "\x1b[31m", Ground: "\x1b[41m", End: "server1 9%", Fill: rapid.SampledFrom([]rune{0, '▓'}).Draw(t, "fill")})
		}
		for _, lines := range [][]string{p.Draw(w, h), d.Draw(w, h), a.Draw(w, h)} {
			require.Len(t, lines, max(h, 0))
			for _, line := range lines {
				require.Equal(t, max(w, 0), ansi.StringWidth(line), "%q", line)
			}
		}
		require.Equal(t, max(w, 0), ansi.StringWidth(chart.Spark(values, w, g)))
		for _, line := range chart.Bars(values, w, max(h, 1), g) {
			require.Equal(t, max(w, 0), ansi.StringWidth(line))
		}
		require.LessOrEqual(t, len(chart.Squeeze(values, w)), max(len(values), 0))
	})
}

func TestTopIsARoundNumber(t *testing.T) {
	for v, want := range map[float64]float64{0: 1.2, 0.4: 1.2, 1.3: 1.5, 89: 90, 101: 120, 310: 450, 1e6: 1.2e6} {
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
		ramp[i] = float64(3 * i)
	}
	p := chart.Plot{
		Time: chart.Time{
			Span: 20, Markers: []chart.Marker{{Ago: 10, Rune: 'F'}}, Shades: []chart.Shade{{From: 10, To: 5}}, Glyphs: chart.ASCII,
			Captions: []chart.Caption{{Ago: 19, Text: "RR"}, {Ago: 13, Text: "RL", Rule: true}},
			Ticks:    []chart.Tick{{Ago: 0, Text: "now"}, {Ago: 10, Text: "-10s"}, {Ago: 19, Text: "-20s"}},
		},
		Series: []chart.Series{{Values: ramp, End: "57ms"}},
		Level:  chart.Level{Value: 40, Since: 13, End: "RR"},
	}
	for _, line := range p.Draw(32, 10) {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	//    RR     RL
	// 60+       :              oo 57ms
	//   |       :          oooo
	// 40+       :- - - -ooo- - -  RR
	//   |       :   oooo
	// 20+       :ooo
	//   |    oooo
	//  0+oooo   :
	//   ++---------F======------+
	//  -20s      -10s          now
}

func ExampleDensity_Draw() {
	d := chart.Density{
		Time: chart.Time{Span: 8, Glyphs: chart.ASCII}, Edge: func(i int) float64 { return float64(10 * i) }, Shades: []string{".", "=", "#"}, Inks: []string{"", "", ""},
		Counts: [][]uint32{{0, 9}, {0, 9}, {0, 4, 1}, {0, 4, 4}, {0, 1, 9}},
	}
	for _, line := range d.Draw(11, 4) {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	// 20+     =##
	//   |   ####=
	// 10+   ####=
	//   +--------
}

func ExampleArea_Draw() {
	a := chart.Area{
		Time: chart.Time{Span: 8, Glyphs: chart.ASCII, Markers: []chart.Marker{{Ago: 3, Rune: 'P'}}},
		Bands: []chart.Band{
			{Values: []float64{5, 5, 5, 5, 1, 1, 1, 1}, Fill: '#', End: "server1"},
			{Values: []float64{5, 5, 5, 5, 9, 9, 9, 9}, Fill: '.', End: "server2"},
		},
	}
	for _, line := range a.Draw(32, 6) {
		fmt.Println(strings.TrimRight(line, " "))
	}
	// Output:
	// 100%+...................
	//     |...................
	//  50%+................... server2
	//     |##########.........
	//    0+##########......... server1
	//     +----------P--------
}

// Where two bands share a cell, an eighth of it can be seen.
func TestBandsMeetWithinACell(t *testing.T) {
	a := chart.Area{Time: chart.Time{Span: 2, Glyphs: chart.Braille}, Bands: []chart.Band{
		{Values: []float64{3, 3}, Style: "\x1b[31m", Ground: "\x1b[41m"}, {Values: []float64{5, 5}, Style: "\x1b[32m", Ground: "\x1b[42m"},
	}}
	require.Equal(t, "100%┤\x1b[42m\x1b[31m▃▃▃\x1b[m", a.Draw(8, 1)[0])
	require.Equal(t, "     ", a.Draw(5, 1)[0], "without room")
}
