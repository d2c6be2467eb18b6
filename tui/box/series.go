package box

import (
	"math"

	"slbtui/engine/metrics"
)

// Series is one value a second of the i-th server over the time window; NaN where there is none.
func (s *Sight) Series(i int, of func(metrics.ServerSecond) float64) []float64 {
	span := s.Seconds()
	out := make([]float64, len(span))
	for k := range span {
		out[k] = math.NaN()
		if i < len(span[k].Servers) {
			out[k] = of(span[k].Servers[i])
		}
	}
	return out
}

// P95 is a second's 95th percentile in ms; NaN without a success.
func P95(s metrics.ServerSecond) float64 {
	if s.P95MS == 0 {
		return math.NaN()
	}
	return s.P95MS
}
