package backends

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestServiceTimeMoments(t *testing.T) {
	for _, tt := range []struct{ sigma, slow, mean float64 }{
		{0.25, 0, 50},
		{0.5, 1, 50},
		{1, 4, 200},
	} {
		s := newService(Config{ID: "a", BaseDelayMS: 50, Sigma: tt.sigma, Seed: 7})
		const n = 200_000
		var sum, logs, logs2 float64
		for range n {
			ms := s.draw(tt.slow, math.NaN(), 1).Seconds() * 1000
			sum += ms
			logs += math.Log(ms)
			logs2 += math.Log(ms) * math.Log(ms)
		}
		mean := sum / n
		// Five standard errors: the mean's is mean*sqrt(exp(sigma^2)-1)/sqrt(n).
		require.InDelta(t, tt.mean, mean, 5*tt.mean*math.Sqrt(math.Expm1(tt.sigma*tt.sigma)/n))
		sd := math.Sqrt(logs2/n - logs*logs/n/n)
		require.InDelta(t, tt.sigma, sd, 5*tt.sigma/math.Sqrt(2*n))
	}
}

func TestServiceTimeWithoutSpreadIsConstant(t *testing.T) {
	s := newService(Config{ID: "a", BaseDelayMS: 50})
	require.Equal(t, 50*time.Millisecond, s.draw(0, math.NaN(), 1))
	require.Equal(t, 50*time.Millisecond, s.draw(1, math.NaN(), 1))
	require.Equal(t, 150*time.Millisecond, s.draw(3, math.NaN(), 1))
	require.Equal(t, maxService, s.draw(1e300, math.NaN(), 1), "bounded")
	require.Zero(t, newService(Config{ID: "a", Sigma: 1}).draw(5, math.NaN(), 1))
}

func TestServiceDrawsByServerAndSeed(t *testing.T) {
	draws := func(id string, seed uint64) (d [5]time.Duration) {
		s := newService(Config{ID: id, BaseDelayMS: 50, Sigma: 1, Seed: seed})
		for i := range d {
			d[i] = s.draw(0, math.NaN(), 1)
			s.fails(0.5, math.NaN()) // leaves the service times alone
		}
		return d
	}
	plain := newService(Config{ID: "a", BaseDelayMS: 50, Sigma: 1, Seed: 1})
	for _, d := range draws("a", 1) {
		require.Equal(t, plain.draw(0, math.NaN(), 1), d)
	}
	require.NotEqual(t, draws("a", 1), draws("b", 1))
	require.NotEqual(t, draws("a", 1), draws("a", 2))
}

func TestServiceFailsAtTheRate(t *testing.T) {
	s := newService(Config{ID: "a"})
	failed := 0
	for range 10_000 {
		require.False(t, s.fails(0, math.NaN()))
		require.True(t, s.fails(1, math.NaN()))
		if s.fails(0.3, math.NaN()) {
			failed++
		}
	}
	require.InDelta(t, 3000, failed, 250)
}
