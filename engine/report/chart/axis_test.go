package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLatencyAxisIsLogarithmicWhereItMustBe(t *testing.T) {
	require.False(t, LatencyAxis("", []float64{10, 100}).Log)
	require.True(t, LatencyAxis("", []float64{10, 1000}).Log)
	require.Equal(t, Axis{Max: Headroom}, LatencyAxis("", []float64{0, math.NaN()}))
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
	require.Equal(t, "1 10 100 1000", labels(true, 1, 1000, false), "a power of ten at the end counts, although its logarithm is rounded down")
	require.Empty(t, labels(false, 1, 1, false))
	for high := 1.0; high < 1e6; high *= 1.01 {
		n := len(linearTicks(0, high, false))
		require.True(t, n >= 4 && n <= 9, "%d ticks up to %g", n, high)
	}
}
