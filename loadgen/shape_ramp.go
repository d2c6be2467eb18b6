package loadgen

import (
	"fmt"
	"time"
)

// Ramp goes from one factor to another in a straight line, then stays.
type Ramp struct {
	From, To float64       // factors, 0 or above
	Over     time.Duration // above 0
}

// Factor follows the line.
func (r Ramp) Factor(seconds float64) float64 {
	over := r.Over.Seconds()
	if seconds >= over {
		return r.To
	}
	return r.From + (r.To-r.From)*seconds/over
}

// Integral is a trapezium, then a rectangle.
func (r Ramp) Integral(seconds float64) float64 {
	sloped := min(seconds, r.Over.Seconds())
	return sloped*(r.From+r.Factor(sloped))/2 + (seconds-sloped)*r.To
}

// Validate checks the ranges.
func (r Ramp) Validate() error {
	if !isFactor(r.From) || !isFactor(r.To) {
		return fmt.Errorf("ramp: from %v to %v: factors are 0 or above", r.From, r.To)
	}
	if r.Over <= 0 {
		return fmt.Errorf("ramp: over %v: the time must be above 0", r.Over)
	}
	return nil
}

// isFactor tells whether f can multiply a rate.
func isFactor(f float64) bool { return finite(f) && f >= 0 }
