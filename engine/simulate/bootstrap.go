package simulate

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

const bootstrapRounds = 2000

// Interval is a 95 % confidence interval, low then high.
type Interval [2]float64

// bootstrap resamples the values with replacement and returns the middle 95 % of the means
// (Efron 1979, percentile method). The label seeds it, so a number in a report depends on nothing
// but its own values.
func bootstrap(values []float64, label string) Interval {
	if len(values) == 0 {
		return Interval{}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(label)) // never fails
	rng := rand.New(rand.NewPCG(h.Sum64(), bootstrapRounds))
	means := make([]float64, bootstrapRounds)
	for i := range means {
		sum := 0.0
		for range values {
			sum += values[rng.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	slices.Sort(means)
	return Interval{quantile(means, 0.025), quantile(means, 0.975)}
}
