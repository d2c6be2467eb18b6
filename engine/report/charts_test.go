package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/report/chart"
	"slbtui/engine/stats"
)

func chartOf(t *testing.T, c Comparison, name string) chart.Chart {
	t.Helper()
	for _, chart := range Charts(c) {
		if chart.Name == name {
			return chart
		}
	}
	require.Fail(t, "no chart "+name)
	return chart.Chart{}
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
	for _, figure := range Charts(c) {
		require.Contains(t, figure.Subtitle, "slow5x")
		require.NotEmpty(t, figure.Caption)
		for _, panel := range figure.Panels {
			require.NotEmpty(t, panel.X.Label, figure.Name)
			require.True(t, panel.Y.Label != "" || panel.Y.Names != nil, figure.Name)
			require.Less(t, panel.X.Min, panel.X.Max, figure.Name)
			require.Less(t, panel.Y.Min, panel.Y.Max, figure.Name)
			for i, l := range panel.Lines {
				if figure.Keys != nil {
					require.Equal(t, figure.Keys[i], chart.Key{Name: l.Name, Style: l.Style}, "the legend names each line")
				}
				for j, y := range l.Y {
					require.False(t, y < panel.Y.Min || y > panel.Y.Max, "%s: %g outside", figure.Name, y)
					require.False(t, l.X[j] < panel.X.Min || l.X[j] > panel.X.Max, "%s: %g outside", figure.Name, l.X[j])
				}
			}
		}
	}
	distribution := chartOf(t, c, "latency_distribution").Panels
	for _, panel := range distribution {
		require.Equal(t, distribution[0].X, panel.X)
		require.Equal(t, distribution[0].Y, panel.Y)
	}
	want := []chart.Shade{{From: 10, To: 20, Label: "server1 slow x5"}}
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

func TestAnInvalidResultSaysSoOnEveryChart(t *testing.T) {
	c := small.comparison()
	c.Invalid = []string{"the load generator lagged"}
	for _, chart := range Charts(c) {
		require.Contains(t, chart.Subtitle, "NOT TO BE TRUSTED: the load generator lagged")
	}
}

// draws checks that a chart becomes a well-formed document.
func draws(t *testing.T, figure chart.Chart) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, chart.SVG(&b, figure))
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
		require.NoError(t, chart.SVG(&b, all[rapid.IntRange(0, len(all)-1).Draw(t, "chart")]))
		require.NotContains(t, b.String(), "NaN")
	})
}
