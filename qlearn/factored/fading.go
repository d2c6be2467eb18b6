package factored

import "math"

// fading is a number that forgets: it falls towards 0 with time constant forgetSeconds from the
// moment it was set.
type fading struct {
	value float64
	since float64 // seconds
}

const (
	forgetSeconds = 5.0
	forgotten     = 1e-9 // smaller values are 0, which needs no exponential to read
)

func (x *fading) at(now float64) float64 {
	if x.value == 0 {
		return 0
	}
	return x.value * math.Exp(-max(0, now-x.since)/forgetSeconds)
}

func (x *fading) set(now, value float64) {
	if math.Abs(value) < forgotten {
		value = 0
	}
	*x = fading{value, now}
}
