package loadgen

import (
	"fmt"
	"math"
	"time"
)

// Sine swings around 1, as between day and night: 1 + Amplitude·sin(2πt/Period). The mean is kept.
type Sine struct {
	Amplitude float64       // 0-1
	Period    time.Duration // above 0
}

// Factor starts at 1 and rises first.
func (s Sine) Factor(seconds float64) float64 {
	return 1 + s.Amplitude*math.Sin(2*math.Pi*seconds/s.Period.Seconds())
}

// Integral is t + Amplitude·Period/2π·(1 - cos(2πt/Period)).
func (s Sine) Integral(seconds float64) float64 {
	w := 2 * math.Pi / s.Period.Seconds()
	return seconds + s.Amplitude/w*(1-math.Cos(w*seconds))
}

// Validate checks the ranges.
func (s Sine) Validate() error {
	if !isFactor(s.Amplitude) || s.Amplitude > 1 {
		return fmt.Errorf("sine: amplitude %v is not within 0-1", s.Amplitude)
	}
	if s.Period <= 0 {
		return fmt.Errorf("sine: period %v: the time must be above 0", s.Period)
	}
	return nil
}
