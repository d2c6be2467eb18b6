package fit

import (
	"math"
	"slices"
)

// impossible is the log likelihood of a service that cannot be: one of no time at all. Without it a single slot would
// always win, since queueing explains every end and services of zero have no entropy.
const impossible = -8.5

// likelihood is how well services fit a common distribution, whatever its shape: the entropy of their logarithms by
// m-spacings (Vasicek 1976). Level is the logarithm of the slowdown of each request's period. The map from services to
// ends is triangular, so that of the ends is the product of the services' densities and of the rates at the ends.
func (f *flow) likelihood(x services, level []float64, y []float64) float64 {
	y = y[:0]
	sum := 0.0
	for i, took := range x.took {
		if !f.legible[i] {
			continue
		}
		if took < f.step/2 {
			sum += impossible
			continue
		}
		log := math.Log(max(f.step/4, took+f.jitter(i)))
		sum += math.Log(x.rate[i]) - log
		y = append(y, log-level[i])
	}
	n := len(y)
	if n < few {
		return sum
	}
	slices.Sort(y)
	m := int(math.Sqrt(float64(n)))
	for i := range y {
		low, high := max(0, i-m), min(n-1, i+m)
		width := max(y[high]-y[low], 1e-9)
		sum -= math.Log(width * float64(n) / float64(high-low))
	}
	return sum
}

// few is how many services say too little of their distribution.
const few = 20

// jitter blurs what the stamps round off, within half a step on both sides, by the golden ratio's own equidistribution.
func (f *flow) jitter(i int) float64 {
	_, part := math.Modf(float64(i) * 0.6180339887498949)
	return (part - 0.5) * f.step
}
