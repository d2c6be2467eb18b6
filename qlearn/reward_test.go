package qlearn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRewardOfLatency(t *testing.T) {
	c := DefaultRewardConfig()
	for ms, want := range map[float64]float64{
		0: 0, 50: -5, 123: -12.3, 1000: -100, 30_000: -100, -5: 0, math.Inf(1): -100, math.Inf(-1): 0,
	} {
		require.InDelta(t, want, c.Latency(ms), 1e-12, "%v ms", ms)
	}
	require.Zero(t, c.Latency(math.NaN()))
}

func TestRewardFromAMinimum(t *testing.T) {
	c := RewardConfig{MinLatencyMS: 20, MaxLatencyMS: 120, Scale: 10}
	require.Zero(t, c.Latency(20))
	require.Equal(t, -5.0, c.Latency(70))
	require.Equal(t, -10.0, c.Latency(200))
}

func TestRewardWithoutASpan(t *testing.T) {
	c := RewardConfig{MinLatencyMS: 50, MaxLatencyMS: 50, Scale: 100}
	require.Zero(t, c.Latency(80))
}
