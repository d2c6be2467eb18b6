package loadgen

import (
	"fmt"
	"math"
	"time"
)

// Burst is high for On at the start of each Period and low for the rest, so low that the mean is
// kept: (Period - High·On) / (Period - On).
type Burst struct {
	High   float64       // factor, 1 to Period/On
	On     time.Duration // above 0, below Period
	Period time.Duration
}

// DefaultBurst is 2.2 times the rate for one second in four, and 0.6 times for the other three.
func DefaultBurst() Burst {
	return Burst{High: 2.2, On: time.Second, Period: 4 * time.Second}
}

// Factor is High or low.
func (b Burst) Factor(seconds float64) float64 {
	if math.Mod(seconds, b.Period.Seconds()) < b.On.Seconds() {
		return b.High
	}
	return b.low()
}

// Integral grows by Period in each period.
func (b Burst) Integral(seconds float64) float64 {
	into := math.Mod(seconds, b.Period.Seconds())
	high := min(into, b.On.Seconds())
	return seconds - into + high*b.High + (into-high)*b.low()
}

func (b Burst) low() float64 {
	on, period := b.On.Seconds(), b.Period.Seconds()
	return max(0, (period-b.High*on)/(period-on))
}

// Validate checks the ranges.
func (b Burst) Validate() error {
	if b.On <= 0 || b.On >= b.Period {
		return fmt.Errorf("burst: on %v of %v: the time must be above 0 and below the period", b.On, b.Period)
	}
	if most := b.Period.Seconds() / b.On.Seconds(); !finite(b.High) || b.High < 1 || b.High > most {
		return fmt.Errorf("burst: high %v is not within 1-%.3g, where the mean can be kept", b.High, most)
	}
	return nil
}
