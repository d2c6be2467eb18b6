package loadgen

import (
	"fmt"
	"time"
)

// Named lists the arrivals that people ask for by name.
const Named = "poisson, constant, ramp, sine, burst, step"

// ByName returns the kind of arrivals and the shape that a name stands for, over a run of the
// given length (0 when it is open-ended: ramp and step then take one minute).
//
//	poisson, constant   a steady rate
//	ramp                Poisson, from half the rate to one and a half times, over the run
//	sine                Poisson, half the rate around it in each 20 s
//	burst               Poisson, 2.2 times the rate for one second in four, the mean kept
//	step                Poisson, twice the rate from the middle of the run on
func ByName(name string, length time.Duration) (kind string, shape Shape, err error) {
	if length <= 0 {
		length = time.Minute
	}
	switch name {
	case Poisson, Constant:
		return name, Steady{}, nil
	case "ramp":
		return Poisson, Ramp{From: 0.5, To: 1.5, Over: length}, nil
	case "sine":
		return Poisson, Sine{Amplitude: 0.5, Period: 20 * time.Second}, nil
	case "burst":
		return Poisson, DefaultBurst(), nil
	case "step":
		return Poisson, Step{At: length / 2, To: 2}, nil
	}
	return "", nil, fmt.Errorf("arrivals: %q is unknown (allowed: %s)", name, Named)
}
