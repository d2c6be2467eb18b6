package experiment

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
)

// made is a finished run of one request a second, with the latencies given in ms; a negative one failed.
func made(latencies ...float64) *contest {
	c := &contest{name: "made", servers: []string{"a"}, length: time.Duration(len(latencies)) * time.Second}
	for i, x := range latencies {
		c.trace = append(c.trace, simulate.Request{Due: time.Duration(i) * time.Second})
		c.outcomes = append(c.outcomes, outcome{
			latency: time.Duration(math.Abs(x) * float64(time.Millisecond)), answered: true, failed: x < 0,
		})
	}
	return c
}

func TestSummary(t *testing.T) {
	c := made(10, 20, 30, -5, 40)
	c.outcomes[4] = outcome{} // not sent
	s := summarise([]part{c.whole()})
	require.EqualValues(t, 4, s.Requests)
	require.EqualValues(t, 1, s.Failures)
	require.Equal(t, 20.0, s.MeanMS)
	require.Equal(t, []float64{10, 20, 30}, []float64{s.MinMS, s.P50MS, s.MaxMS})
	require.Equal(t, 10.0, s.StdMS)
	require.Equal(t, 0.5, s.CV)
	require.Equal(t, 0.75, s.SuccessRate)
	require.Equal(t, 5.0, s.ElapsedS)
	require.Equal(t, 0.6, s.Throughput)
	require.Equal(t, 1.0, summarise(nil).SuccessRate)

	first, rest := summarise([]part{c.cold()}), summarise([]part{c.warm()})
	require.EqualValues(t, 1, first.Requests, "a fifth")
	require.EqualValues(t, 3, rest.Requests)
	require.Equal(t, []float64{1, 4}, []float64{first.ElapsedS, rest.ElapsedS})
}

func TestPairedDifference(t *testing.T) {
	mine, theirs := make([]float64, 60), make([]float64, 60)
	for i := range mine {
		theirs[i] = 50 + float64(i%7)
		mine[i] = theirs[i] - 10
	}
	mine[3], theirs[5] = -1, -1 // failed on one side: no pair
	d := paired([]part{made(mine...).whole()}, []part{made(theirs...).whole()}, "x")
	require.EqualValues(t, 58, d.Pairs)
	require.InDelta(t, -10, d.MeanMS, 1e-9)
	require.InDelta(t, -10, d.CIMS[0], 1e-9)
	require.InDelta(t, -10, d.CIMS[1], 1e-9)
	require.True(t, d.CIMS.ExcludesZero())
	require.InDelta(t, -18.87, d.Percent, 0.05)
	require.Less(t, d.PercentCI[0], d.Percent)
	require.Greater(t, d.PercentCI[1], d.Percent)

	require.Nil(t, paired([]part{made(-1).whole()}, []part{made(-1).whole()}, "x"))
	one := paired([]part{made(1, 2).whole()}, []part{made(2, 3).whole()}, "x")
	require.False(t, one.CIMS.Known(), "one block tells nothing about the spread")
}

func TestCutNumbersBlocksThroughAllParts(t *testing.T) {
	run := make([]float64, 12) // blocks of 5, 5 and 2 requests
	for i := range run {
		run[i] = float64(i + 1)
	}
	c := made(run...)
	b := cut([]part{c.whole(), c.whole()})
	require.Equal(t, 6, b.Len())
	require.Len(t, b.Values(), 24)
}

func TestLagMakesAResultInvalid(t *testing.T) {
	c := made(1, 2, 3, 4)
	require.Empty(t, distrust("p", []*contest{c}))
	for i := range c.outcomes {
		c.outcomes[i].lag = 30 * time.Millisecond
	}
	why := distrust("p", []*contest{c})
	require.Len(t, why, 1)
	require.Contains(t, why[0], "p, repetition 1: the load generator sent requests 30 ms late")
	require.True(t, lag([]*contest{c}).Lagged)

	// One run of several is enough, as it is for the mark of the comparison.
	punctual := made(slices.Repeat([]float64{1}, 1000)...)
	together := lag([]*contest{punctual, c})
	require.Less(t, together.P99MS, 20.0)
	require.True(t, together.Lagged)
	require.False(t, lag([]*contest{punctual, punctual}).Lagged)
	punctual.stood = 3 * time.Second
	require.True(t, lag([]*contest{punctual}).Lagged)
	require.Contains(t, distrust("p", []*contest{punctual})[0], "the load stood still for 3.0 s")
}

func TestWindowsAndTimeline(t *testing.T) {
	values := make([]float64, 40)
	for i := range values {
		values[i] = 100
	}
	values[10] = -100
	c := made(values...)
	w := cutWindows([]*contest{c, c}, 40*time.Second)
	require.EqualValues(t, 4, w[0].Requests, "both runs")
	require.InDelta(t, 1, w[0].Throughput, 1e-6, "mean of the runs")
	require.InDelta(t, 0.5, w[5].SuccessRate, 1e-9)

	c.busy = [][]float64{{0.5}, {-1}}
	p := timeline([]*contest{c}, 40*time.Second, 1)
	require.Len(t, p, 40)
	require.EqualValues(t, 1, p[10].Failures)
	require.Equal(t, 1.0, p[0].Share[0])
	require.Equal(t, []float64{0.5, -1, -1}, []float64{p[0].Utilisation[0], p[1].Utilisation[0], p[2].Utilisation[0]})
}

func TestLearningCurveAndTail(t *testing.T) {
	falling, flat := make([]float64, 100), make([]float64, 100)
	for i := range falling {
		falling[i], flat[i] = 200-float64(i), 100
	}
	curve := learningCurve([]*contest{made(falling...), made(flat...)})
	require.Len(t, curve, curvePoints)
	require.EqualValues(t, 5, curve[0].Requests)
	require.InDelta(t, (198+100)/2.0, curve[0].MeanMS, 1e-9)
	require.Less(t, curve[0].LowMS, curve[0].HighMS)
	require.Equal(t, 99.0, curve[19].EndS)

	tail := ccdf([]*contest{made(falling...)})
	require.Equal(t, 101.0, tail[0].LatencyMS)
	require.InDelta(t, 0.99, tail[0].Slower, 1e-9)
	for i := 1; i < len(tail); i++ {
		require.Greater(t, tail[i].LatencyMS, tail[i-1].LatencyMS)
		require.Less(t, tail[i].Slower, tail[i-1].Slower)
	}
	require.Empty(t, ccdf([]*contest{made(-1)}))
	require.Empty(t, learningCurve([]*contest{made(-1)}))
}
