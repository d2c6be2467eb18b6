package loadgen

import "math"

// Shape multiplies the rate over time. Times are seconds since the start of the run, 0 or above.
// Implementations are values: no state, no clock.
type Shape interface {
	// Factor is what the rate is multiplied by at t, 0 or above.
	Factor(seconds float64) float64
	// Integral is the integral of Factor from 0 to t, in seconds. It never falls.
	Integral(seconds float64) float64
	// Validate fails when a parameter is out of range, and says which.
	Validate() error
}

// Steady leaves the rate as it is.
type Steady struct{}

// Factor is 1.
func (Steady) Factor(float64) float64 { return 1 }

// Integral is the time itself.
func (Steady) Integral(seconds float64) float64 { return seconds }

// Validate never fails.
func (Steady) Validate() error { return nil }

const (
	reachTolerance = 1e-10 // seconds: a tenth of the resolution of time.Duration
	reachHorizon   = 1e10  // seconds: more than time.Duration holds
)

// reach returns the first time, in seconds, at which the integral of s has grown by area since
// from; +Inf when it never does. It is Newton's method kept inside a bracket: where a step leaves
// the bracket (a corner of the shape, a stretch of factor 0), it halves the bracket instead.
func reach(s Shape, from, area float64) float64 {
	if _, steady := s.(Steady); steady {
		return from + area
	}
	target := s.Integral(from) + area
	lo, hi, step := from, from+area, area
	for s.Integral(hi) < target {
		if step *= 2; step > reachHorizon {
			return math.Inf(1)
		}
		lo, hi = hi, hi+step
	}
	t := max(lo, from+area) // the right guess where the mean factor is 1
	for hi-lo > reachTolerance {
		missing := target - s.Integral(t)
		if missing > 0 {
			lo = t
		} else {
			hi = t
		}
		next := t + missing/s.Factor(t)
		if math.Abs(next-t) < reachTolerance {
			return min(max(next, from), hi)
		}
		if !(lo < next && next < hi) {
			if next = lo + (hi-lo)/2; next == lo || next == hi {
				break // neighbouring numbers
			}
		}
		t = next
	}
	return hi
}
