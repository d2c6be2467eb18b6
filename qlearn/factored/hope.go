package factored

import "math"

const (
	hopeWeight = 100.0 // measurements from which a server is known
	hopeSpread = 0.5   // standard errors that a guess may be too high by
	minHope    = 0.3
)

// hopeFor is the factor, at most 1, on what a server that is little known is expected to take: optimism in the
// face of uncertainty (Lai and Robbins, 1985; UCB in Auer et al., 2002) instead of requests sent at random.
// With k measurements of spread s, the logarithm of the mean is known to s/sqrt(k), and the server is
// given the benefit of half of that:
//
//	hope = max(0.3, 1 - s/(2·sqrt(k)))
//
// It is measured first where it may be best, and never because its turn has come. What is left of chance
// (epsilon) is for what was measured once and has changed since.
func (f *Learner) hopeFor(s *column) float64 {
	if s.curve.weight >= hopeWeight {
		return 1
	}
	return max(minHope, 1-hopeSpread*s.drift.spread/math.Sqrt(s.curve.weight))
}
