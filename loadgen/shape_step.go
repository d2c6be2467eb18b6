package loadgen

import (
	"fmt"
	"time"
)

// Step is 1 until At, and To from then on.
type Step struct {
	At time.Duration // 0 or above
	To float64       // factor, 0 or above
}

// Factor is 1 or To.
func (s Step) Factor(seconds float64) float64 {
	if seconds < s.At.Seconds() {
		return 1
	}
	return s.To
}

// Integral is one rectangle, then two.
func (s Step) Integral(seconds float64) float64 {
	before := min(seconds, s.At.Seconds())
	return before + (seconds-before)*s.To
}

// Validate checks the ranges.
func (s Step) Validate() error {
	if s.At < 0 {
		return fmt.Errorf("step: at %v: the time must be 0 or above", s.At)
	}
	if !isFactor(s.To) {
		return fmt.Errorf("step: to %v: factors are 0 or above", s.To)
	}
	return nil
}
