package stats

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

const (
	valueRounds = 2000
	blockRounds = 1000 // of blocks, which are more, and cost more to draw
)

// Bootstrap is the interval of the mean of independent values: they are resampled with replacement
// (Efron 1979, percentile method). It is unknown without values.
func Bootstrap(values []float64, label string) Interval {
	if len(values) == 0 {
		return Interval{}
	}
	return bootstrap(label, valueRounds, func(rng *rand.Rand) (float64, bool) {
		sum := 0.0
		for range values {
			sum += values[rng.IntN(len(values))]
		}
		return sum / float64(len(values)), true
	})
}

// bootstrap is the middle 95 % of what a statistic is in so many resamples, without those of which
// it is not ok. The label seeds what they are drawn by: an interval depends on nothing but its own
// values.
func bootstrap(label string, rounds int, resample func(rng *rand.Rand) (statistic float64, ok bool)) Interval {
	h := fnv.New64a()
	_, _ = h.Write([]byte(label)) // a hash never fails to write
	rng := rand.New(rand.NewPCG(h.Sum64(), uint64(rounds)))
	values := make([]float64, 0, rounds)
	for range rounds {
		if v, ok := resample(rng); ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return Interval{}
	}
	slices.Sort(values)
	return Interval{Quantile(values, 0.025), Quantile(values, 0.975)}
}
