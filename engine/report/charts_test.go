package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"slbtui/engine/stats"
)

func chartOf(t *testing.T, c Comparison, name string) Chart {
	t.Helper()
	for _, chart := range Charts(c) {
		if chart.Name == name {
			return chart
		}
	}
	require.Fail(t, "no chart "+name)
	return Chart{}
}

func TestChartsShowTheNumbersOfTheResult(t *testing.T) {
	c := sample{seconds: 30, rate: 30, runs: 2}.comparison()
	rl := c.Strategies["q_learning"]

	over := chartOf(t, c, "latency_over_time").Panels
	recovery := chartOf(t, c, "recovery_timeline").Panels
	throughput := chartOf(t, c, "throughput_comparison").Panels
	for i, point := range rl.Timeline {
		require.Equal(t, point.EndS, over[0].Lines[1].X[i])
		require.Equal(t, point.MeanMS, over[0].Lines[1].Y[i])
		require.Equal(t, point.P95MS, over[1].Lines[1].Y[i])
		require.Equal(t, point.P99MS, recovery[0].Lines[1].Y[i])
		require.Equal(t, point.Share[2], recovery[3].Lines[1].Y[i])
	}
	for i, w := range rl.Windows {
		require.Equal(t, (w.StartS+w.EndS)/2, throughput[0].Lines[1].X[i])
		require.Equal(t, w.Throughput, throughput[0].Lines[1].Y[i])
		require.Equal(t, w.SuccessRate, throughput[1].Lines[1].Y[i])
	}
	learning := chartOf(t, c, "learning_curve").Panels[0].Lines[1]
	for i, point := range rl.LearningCurve {
		require.Equal(t, float64(point.Requests), learning.X[i])
		require.Equal(t, [3]float64{point.LowMS, point.MeanMS, point.HighMS}, [3]float64{learning.Low[i], learning.Y[i], learning.High[i]})
	}
	regret := chartOf(t, c, "regret").Panels[0].Lines[1]
	require.Equal(t, rl.Regret[20], RegretPoint{regret.X[20], regret.Y[20]})

	bars := chartOf(t, c, "comparison_summary").Panels
	require.Equal(t, rl.Summary.MeanMS, bars[0].Bars[1].Value)
	require.Equal(t, rl.MeanCI, bars[0].Bars[1].Interval)
	require.Equal(t, rl.Summary.P99MS, bars[1].Bars[1].Value)
	require.Equal(t, rl.Summary.CV, bars[2].Bars[1].Value)
	require.Equal(t, 100*rl.Summary.SuccessRate, bars[3].Bars[1].Value)
	servers := chartOf(t, c, "server_utilization").Panels
	total := 0.0
	for _, b := range servers[0].Bars {
		if b.Name == "q_learning" {
			total += b.Value
		}
	}
	require.InDelta(t, 100, total, 1e-9)
}

func TestDistributionIsTheCCDFInBins(t *testing.T) {
	c := sample{seconds: 30, rate: 30, runs: 2}.comparison()
	for _, panel := range chartOf(t, c, "latency_distribution").Panels {
		line := panel.Lines[0]
		require.Len(t, line.Y, histogramBins)
		require.Len(t, line.X, histogramBins+1)
		all, below := 0.0, 0.0
		for i, v := range line.Y {
			all += v
			if line.X[i+1] <= c.Strategies[line.Name].Summary.P50MS {
				below += v
			}
		}
		require.InDelta(t, 1, all, 1e-9)
		require.InDelta(t, 0.5, below, 0.1, "half of it lies below the median")
		require.InDelta(t, c.Strategies[line.Name].Summary.P95MS, panel.Marks[1].At, 0)
	}
}

func TestChartsCompareOnTheSameAxes(t *testing.T) {
	c := sample{seconds: 30, rate: 30, runs: 2}.comparison()
	for _, chart := range Charts(c) {
		require.Contains(t, chart.Subtitle, "slow5x")
		require.NotEmpty(t, chart.Caption)
		for _, panel := range chart.Panels {
			require.NotEmpty(t, panel.X.Label, chart.Name)
			require.True(t, panel.Y.Label != "" || panel.Y.Names != nil, chart.Name)
			require.Less(t, panel.X.Min, panel.X.Max, chart.Name)
			require.Less(t, panel.Y.Min, panel.Y.Max, chart.Name)
			for i, l := range panel.Lines {
				if chart.Keys != nil {
					require.Equal(t, chart.Keys[i], Key{l.Name, l.Style}, "the legend names each line")
				}
				for j, y := range l.Y {
					require.False(t, y < panel.Y.Min || y > panel.Y.Max, "%s: %g outside", chart.Name, y)
					require.False(t, l.X[j] < panel.X.Min || l.X[j] > panel.X.Max, "%s: %g outside", chart.Name, l.X[j])
				}
			}
		}
	}
	distribution := chartOf(t, c, "latency_distribution").Panels
	for _, panel := range distribution {
		require.Equal(t, distribution[0].X, panel.X)
		require.Equal(t, distribution[0].Y, panel.Y)
	}
	want := []Shade{{From: 10, To: 20, Label: "server1 slow x5"}}
	require.Equal(t, want, chartOf(t, c, "latency_over_time").Panels[0].Shades)
	recovery := chartOf(t, c, "recovery_timeline").Panels
	require.Equal(t, want, recovery[1].Shades)
	require.Empty(t, recovery[2].Shades, "only the server that had the fault")
}

func TestTimeWithoutRequestsIsAGap(t *testing.T) {
	c := small.comparison()
	c.Strategies["q_learning"].Timeline[3].MeanMS = 0
	y := chartOf(t, c, "latency_over_time").Panels[0].Lines[1].Y
	require.True(t, math.IsNaN(y[3]))
	require.False(t, math.IsNaN(y[2]) || math.IsNaN(y[4]))
}

func TestPiecesLieBetweenGaps(t *testing.T) {
	gap := math.NaN()
	require.Equal(t, [][2]int{{0, 3}, {4, 6}}, pieces([]float64{1, 2, 3, gap, 5, 6}))
	require.Empty(t, pieces([]float64{gap}))
}

func TestLatencyAxisIsLogarithmicWhereItMustBe(t *testing.T) {
	require.False(t, latencyAxis("", []float64{10, 100}).Log)
	require.True(t, latencyAxis("", []float64{10, 1000}).Log)
	require.Equal(t, Axis{Max: headroom}, latencyAxis("", []float64{0, math.NaN()}))
}

func TestTicks(t *testing.T) {
	labels := func(log bool, low, high float64, percent bool) string {
		var out []string
		ticks := linearTicks(low, high, percent)
		if log {
			ticks = logTicks(low, high, percent)
		}
		for _, tick := range ticks {
			if tick.Label != "" {
				out = append(out, tick.Label)
			}
		}
		return strings.Join(out, " ")
	}
	require.Equal(t, "0 10 20 30 40 50 60", labels(false, 0, 60, false))
	require.Equal(t, "0 0.2 0.4 0.6 0.8 1", labels(false, 0, 1.1, false))
	require.Equal(t, "0 20 40 60 80 100", labels(false, 0, 1.15, true))
	require.Equal(t, "-50 0 50 100", labels(false, -90, 120, false))
	require.Equal(t, "20 50 100 200 500", labels(true, 15, 800, false))
	require.Equal(t, "0.1 1 10 100", labels(true, 0.0009, 1, true))
	require.Empty(t, labels(false, 1, 1, false))
	for high := 1.0; high < 1e6; high *= 1.01 {
		n := len(linearTicks(0, high, false))
		require.True(t, n >= 4 && n <= 9, "%d ticks up to %g", n, high)
	}
}

func TestCut(t *testing.T) {
	small := writing(9, ink, false)
	require.Equal(t, "short", cut(small, "short", 100))
	long := strings.Repeat("long ", 100)
	short := cut(small, long, 100)
	require.True(t, strings.HasPrefix(short, "long long") && strings.HasSuffix(short, "..."))
	require.LessOrEqual(t, small.Width(short), vg.Length(100))
}

func TestAnInvalidResultSaysSoOnEveryChart(t *testing.T) {
	c := small.comparison()
	c.Invalid = []string{"the load generator lagged"}
	for _, chart := range Charts(c) {
		require.Contains(t, chart.Subtitle, "NOT TO BE TRUSTED: the load generator lagged")
	}
}

func TestPNGHasTheSizeOfTheChart(t *testing.T) {
	chart := Chart{Keys: []Key{{Name: "a line"}}, Height: 100, Panels: []Panel{{X: Axis{Max: 1}, Y: Axis{Max: 1}}, {X: Axis{Max: 1}, Y: Axis{Max: 1}}}}
	var b bytes.Buffer
	require.NoError(t, ChartPNG(&b, chart))
	config, err := png.DecodeConfig(&b)
	require.NoError(t, err)
	width, height := chart.size()
	require.InDelta(t, width.Points()*chartDPI/72, config.Width, 1)
	require.InDelta(t, height.Points()*chartDPI/72, config.Height, 1)
}

// draws checks that a chart becomes a well-formed document.
func draws(t *testing.T, chart Chart) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, ChartSVG(&b, chart))
	require.NotContains(t, b.String(), "NaN")
	require.NotContains(t, b.String(), "Inf")
	for d := xml.NewDecoder(&b); ; {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestChartsDrawWhateverComes(t *testing.T) {
	one := small.comparison()
	one.Policies = one.Policies[:1]
	many := small.comparison()
	for i := range 40 {
		many.Servers = append(many.Servers, Server{ID: fmt.Sprintf("a server with quite a long name %d", i)})
	}
	for i := range 12 {
		name := fmt.Sprintf("policy with a long name %d", i)
		p := many.Strategies["q_learning"]
		p.Policy = name
		many.Policies = append(many.Policies, name)
		many.Strategies[name] = p
	}
	for i := range 10 {
		many.Faults = append(many.Faults, FaultSpan{Server: "server2", Kind: "slow x3", StartS: float64(i) / 2, EndS: float64(i)/2 + 1})
	}
	failed := small.comparison()
	for name := range failed.Strategies {
		failed.Strategies[name] = PolicyResult{Policy: name, Timeline: []TimelinePoint{{EndS: 1, Requests: 3, Failures: 3}}, Windows: []Window{{EndS: 1}}}
	}
	for name, c := range map[string]Comparison{"nothing": {}, "one": one, "many": many, "failed": failed} {
		t.Run(name, func(t *testing.T) {
			for _, chart := range Charts(c) {
				draws(t, chart)
			}
		})
	}
}

func TestChartsDrawAnyNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(0, 1e7)
		var p PolicyResult
		p.Policy = "p"
		p.Summary.MeanMS, p.Summary.P99MS, p.Summary.CV = number.Draw(t, "mean"), number.Draw(t, "p99"), number.Draw(t, "cv")
		p.MeanCI = stats.Interval{number.Draw(t, "low"), number.Draw(t, "high")}
		at := 0.0
		for range rapid.IntRange(0, 5).Draw(t, "points") {
			at += 0.01 + number.Draw(t, "step")
			v := number.Draw(t, "value")
			p.Timeline = append(p.Timeline, TimelinePoint{EndS: at, MeanMS: v, P95MS: v, P99MS: v})
			p.Windows = append(p.Windows, Window{StartS: at - 0.01, EndS: at, Throughput: v, SuccessRate: 1})
			p.CCDF = append(p.CCDF, CCDFPoint{LatencyMS: at, Slower: 1 / (1 + at)})
			p.LearningCurve = append(p.LearningCurve, LearningPoint{Requests: uint64(at), MeanMS: v, LowMS: v, HighMS: v})
			p.Regret = append(p.Regret, RegretPoint{AtS: at, RegretS: v - 5e6})
		}
		c := Comparison{Policies: []string{"p"}, Strategies: map[string]PolicyResult{"p": p}}
		all := Charts(c)
		var b bytes.Buffer
		require.NoError(t, ChartSVG(&b, all[rapid.IntRange(0, len(all)-1).Draw(t, "chart")]))
		require.NotContains(t, b.String(), "NaN")
	})
}
