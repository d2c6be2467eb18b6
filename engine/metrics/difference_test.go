package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/stats"
)

// two returns a recorder with two phases of so many seconds each, in which request i of second s takes
// of(phase, s) ms.
func two(seconds, rate int, of func(phase, second int) float64) *Recorder {
	r := NewRecorder([]string{"a"})
	at := time.Duration(0)
	for phase := 1; phase <= 2; phase++ {
		r.StartPhase(at, Turn{Policy: []string{"", "round_robin", "q_factored"}[phase], Learner: phase == 2})
		for s := range seconds {
			for range rate {
				r.Request(Answer{Phase: phase, Server: "a", Latency: time.Duration(of(phase, s) * float64(time.Millisecond))})
			}
			at += time.Second
			r.CloseSecond(at, nil)
		}
	}
	return r
}

func TestDifferenceByHand(t *testing.T) {
	// Batches of 5 s after the first second: means 100 and 110 in turn, then 60 and 70.
	r := two(31, 2, func(phase, s int) float64 { return 100 + 10*float64((s-1)/5%2) - 40*float64(phase-1) })
	d := r.Difference(1, 2, stats.StudentT)
	require.True(t, d.Known())
	require.Equal(t, 6, d.Batches)
	require.InDelta(t, -40, d.MeanMS, 1e-9)
	// Each mean has the variance 30/6 = 5 (30: that of 6 values ±5), so the difference 10; t of 10 degrees is 2.2281.
	require.InDelta(t, -40-2.2281*math.Sqrt(10), d.LowMS, 1e-3)
	require.InDelta(t, -40+2.2281*math.Sqrt(10), d.HighMS, 1e-3)
	require.False(t, d.Chance())
	require.True(t, r.Difference(1, 1, stats.StudentT).Chance())
	require.False(t, r.Difference(1, 7, stats.StudentT).Known(), "no such phase")
}

func TestDifferenceTakesItsTime(t *testing.T) {
	d := two(25, 2, func(int, int) float64 { return 50 }).Difference(1, 2, stats.StudentT)
	require.Equal(t, Difference{From: 1, To: 2, Batches: 4}, d)
	require.False(t, d.Known())
	d = two(26, 2, func(int, int) float64 { return 50 }).Difference(1, 2, stats.StudentT)
	require.Equal(t, Difference{From: 1, To: 2, Batches: 5}, d, "no spread at all")
	require.True(t, d.Known())
}

func TestSecondsWithoutRequestsAreNoBatches(t *testing.T) {
	r := NewRecorder([]string{"a"})
	r.StartPhase(0, Turn{Policy: "round_robin"})
	for s := range 100 {
		if s < 50 {
			r.Request(Answer{Phase: 1, Server: "a", Latency: time.Second, Failed: s%2 == 0})
		}
		r.CloseSecond(time.Duration(s+1)*time.Second, nil)
	}
	require.Len(t, r.phases[0].batches.done, 10)
}

func TestBatchesOfALongPhaseAreLong(t *testing.T) {
	r := two(1+64*5+3, 1, func(_, s int) float64 { return float64(s) })
	b := &r.phases[0].batches
	require.Len(t, b.done, 32)
	require.Equal(t, 1, b.doubled)
	for i, d := range b.done {
		require.InDelta(t, 10, d.n, 1e-9)
		require.InDelta(t, 10*(float64(10*i)+5.5), d.ms, 1e-6)
	}
}

// Whether a second depends on the one before or not, the interval holds the truth about 95 times in 100.
func TestIntervalHoldsTheTruth(t *testing.T) {
	for _, correlation := range []float64{0, 0.3, 0.6} {
		const runs = 2000
		held := 0
		for seed := range uint64(runs) {
			rng := rand.New(rand.NewPCG(seed, 1))
			var phases [2]batches
			for i := range phases {
				var account batch
				noise := 0.0
				for range 61 {
					noise = correlation*noise + rng.NormFloat64()
					account.n += 50
					account.ms += 50 * (100 - 10*float64(i) + 10*noise)
					phases[i].close(account)
				}
			}
			difference, half := welch(&phases[0], &phases[1], stats.StudentT)
			if math.Abs(difference+10) <= half {
				held++
			}
		}
		require.InDelta(t, 0.95, float64(held)/runs, 0.03, "correlation %g", correlation)
	}
}
