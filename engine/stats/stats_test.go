package stats

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMean(t *testing.T) {
	require.Zero(t, Mean(nil))
	require.Equal(t, 2.5, Mean([]float64{4, 1}))
}

func TestQuantile(t *testing.T) {
	require.Zero(t, Quantile(nil, 0.5))
	require.Equal(t, 7.0, Quantile([]float64{7}, 0.99))
	require.Equal(t, 2.5, Quantile([]float64{1, 2, 3, 4}, 0.5))
	require.Equal(t, 4.0, Quantile([]float64{1, 2, 3, 4}, 1))
}

// Tables give t to three or four places.
func TestStudentT(t *testing.T) {
	require.InDelta(t, 12.706, StudentT(1), 1e-3)
	require.InDelta(t, 2.2281, StudentT(10), 1e-4)
	require.InDelta(t, 1.95996, StudentT(1e6), 1e-4)
}

func TestInterval(t *testing.T) {
	require.False(t, Interval{}.Known())
	require.True(t, Interval{0, 1}.Known())
	require.False(t, Interval{-1, 1}.ExcludesZero())
	require.True(t, Interval{1, 2}.ExcludesZero())
	require.True(t, Interval{-2, -1}.ExcludesZero())
}

func TestBootstrap(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	got := Bootstrap(values, "x")
	require.InDelta(t, 5.5-1.96*2.87/3.16, got[0], 0.3)
	require.InDelta(t, 5.5+1.96*2.87/3.16, got[1], 0.3)
	require.Equal(t, got, Bootstrap(values, "x"), "a function of the values and the label")
	require.Equal(t, Interval{7, 7}, Bootstrap([]float64{7}, "x"))
	require.Equal(t, Interval{}, Bootstrap(nil, "x"))
}

// Of a sample whose blocks are independent the interval holds the mean in about 95 of 100 cases,
// and its width is that of the theory.
func TestBlocksIntervalHasTheWidthOfTheTheory(t *testing.T) {
	var b Blocks
	for i := range 500 { // 100 blocks of five equal values 1..100
		b.Add(i/5, 1+float64(i/5*37%100))
	}
	require.Equal(t, 100, b.Len())
	ci := b.MeanInterval("x")
	se := math.Sqrt((100*100-1)/12.0) / 10
	require.InDelta(t, 50.5-1.96*se, ci[0], 0.6)
	require.InDelta(t, 50.5+1.96*se, ci[1], 0.6)
	require.Equal(t, ci, b.MeanInterval("x"), "a function of the values and the label")

	p99 := b.P99Interval("x")
	require.LessOrEqual(t, p99[0], 100.0)
	require.Equal(t, 100.0, p99[1])
	require.GreaterOrEqual(t, p99[0], 94.0)
}

func TestFewBlocksTellNothing(t *testing.T) {
	var b Blocks
	for i := range 4 {
		b.Add(i, float64(i))
	}
	require.False(t, b.MeanInterval("x").Known())
	require.False(t, b.P99Interval("x").Known())
	require.False(t, b.RatioInterval(&b, "x").Known())
	b.Add(4, 4)
	require.True(t, b.MeanInterval("x").Known())
	require.Equal(t, Interval{1, 1}, b.RatioInterval(&b, "x"))
}

func TestDrawnBlocksMayBeEmpty(t *testing.T) {
	var b Blocks
	b.Add(9, 3) // nine of ten resamples draw nothing but the blocks before
	require.Equal(t, Interval{3, 3}, b.MeanInterval("x"))
	require.Equal(t, Interval{3, 3}, b.P99Interval("x"))
	var none Blocks
	none.Add(9, 0)
	require.False(t, b.RatioInterval(&none, "x").Known(), "there is no ratio to nothing")
}

func TestPairs(t *testing.T) {
	var p Pairs
	require.Equal(t, Difference{}, p.Difference("x"))
	for i := range 60 {
		theirs := 50 + float64(i%7)
		p.Add(i/5, theirs-10, theirs)
	}
	require.Equal(t, 12, p.Blocks())
	d := p.Difference("x")
	require.Equal(t, 60, d.Pairs)
	require.InDelta(t, -10, d.Mean, 1e-9)
	require.InDelta(t, -10, d.MeanInterval[0], 1e-9)
	require.InDelta(t, -10, d.MeanInterval[1], 1e-9)
	require.InDelta(t, -18.9, d.Percent, 0.1)
	require.Less(t, d.PercentInterval[0], d.Percent)
	require.Greater(t, d.PercentInterval[1], d.Percent)
}
