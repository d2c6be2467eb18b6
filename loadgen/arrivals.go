package loadgen

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Never is the time of an arrival that will not come: the rate is 0 for good.
const Never = time.Duration(math.MaxInt64)

// Kinds of arrival process.
const (
	Poisson  = "poisson"  // independent arrivals, as from many users: exponential gaps
	Constant = "constant" // even gaps
)

// Arrivals says when requests are due. It is a point process of unit rate, seen through an
// intensity that may change at any time:
//
//	u_1 < u_2 < ...            points of unit rate: gaps of exactly 1, or drawn from Exp(1)
//	λ(t) = rate(t) · shape(t)  intensity, arrivals per second
//	Λ(t) = ∫₀ᵗ λ               arrivals expected until t
//	t_n  = the first t with Λ(t) = u_n
//
// (time rescaling: Daley & Vere-Jones, An Introduction to the Theory of Point Processes, 7.4).
// Hence a new rate takes effect at once, even within a long gap: what was left of the gap shrinks
// or grows. Each t_n is computed from the last change, not from t_n-1, so no error adds up.
//
// Times count from the start of the run. Arrivals holds no clock and is not safe for concurrent use.
type Arrivals struct {
	gap    func() float64
	next   float64       // u_n of the next arrival
	passed time.Duration // t_n-1
	at     time.Duration // t_n, when known
	known  bool
	legs   []rateLeg // the leg that holds next, then those after it; never empty
}

// rateLeg is a stretch of constant rate and one shape. It lasts until the next one begins.
type rateLeg struct {
	from  float64 // seconds
	mass  float64 // Λ(from)
	rate  float64 // per second
	shape Shape   // over the time of the run
}

// NewArrivals starts a process of the given kind at time 0. Rate is in arrivals per second, 0 or
// above; a nil shape is Steady. Equal seeds give equal arrivals.
func NewArrivals(kind string, rate float64, shape Shape, seed uint64) (*Arrivals, error) {
	gap, err := unitGaps(kind, seed)
	if err != nil {
		return nil, err
	}
	if !finite(rate) || rate < 0 {
		return nil, fmt.Errorf("arrivals: rate: %v is not a number of requests per second, 0 or above", rate)
	}
	if shape == nil {
		shape = Steady{}
	}
	if err := shape.Validate(); err != nil {
		return nil, fmt.Errorf("arrivals: shape: %w", err)
	}
	return &Arrivals{gap: gap, next: gap(), legs: []rateLeg{{rate: rate, shape: shape}}}, nil
}

// unitGaps returns the gaps of a process of unit rate.
func unitGaps(kind string, seed uint64) (func() float64, error) {
	switch kind {
	case Constant:
		return func() float64 { return 1 }, nil
	case Poisson:
		return rand.New(rand.NewPCG(seed, 0)).ExpFloat64, nil
	}
	return nil, fmt.Errorf("arrivals: %q is not a kind of arrivals; use %q or %q", kind, Poisson, Constant)
}

// Next returns when the next arrival is due, or Never. It is not before those passed.
func (a *Arrivals) Next() time.Duration {
	if !a.known {
		a.at, a.known = a.compute(), true
	}
	return a.at
}

// compute inverts Λ.
func (a *Arrivals) compute() time.Duration {
	a.prune()
	leg := a.legs[0]
	if leg.rate == 0 {
		return Never
	}
	at := reach(leg.shape, leg.from, (a.next-leg.mass)/leg.rate)
	if len(a.legs) > 1 {
		at = min(at, a.legs[1].from) // it is within this leg, but for rounding
	}
	return max(a.passed, fromSeconds(at)) // rounding must not turn time back
}

// Advance passes the next arrival, if there is one, and moves on to the one after it.
func (a *Arrivals) Advance() {
	if at := a.Next(); at != Never {
		a.passed = at
		a.next += a.gap()
		a.known = false
	}
}

// SetRate changes the rate, in arrivals per second, from time at on. Arrivals due before that and
// not yet passed keep their times. 0 stops the process until the next change. A time before the
// last change counts as that change's; a rate that is negative or not finite counts as 0.
func (a *Arrivals) SetRate(at time.Duration, rate float64) {
	if !finite(rate) || rate < 0 {
		rate = 0
	}
	a.change(at, func(leg *rateLeg) { leg.rate = rate })
}

// SetShape changes the shape from time at on, as SetRate does the rate. The shape's own time is that
// of the run; see startingAt.
func (a *Arrivals) SetShape(at time.Duration, shape Shape) {
	a.change(at, func(leg *rateLeg) { leg.shape = shape })
}

// change begins a leg that differs from the last one by what set does.
func (a *Arrivals) change(at time.Duration, set func(*rateLeg)) {
	a.known = false
	last := &a.legs[len(a.legs)-1]
	from := at.Seconds()
	if from <= last.from {
		set(last)
		return
	}
	leg := rateLeg{from: from, mass: last.massAt(from), rate: last.rate, shape: last.shape}
	set(&leg)
	a.legs = append(a.legs, leg)
	a.prune()
}

// prune drops the legs that end before the next arrival.
func (a *Arrivals) prune() {
	done := 0
	for done+1 < len(a.legs) && a.legs[done+1].mass < a.next {
		done++
	}
	if done > 0 {
		a.legs = a.legs[:copy(a.legs, a.legs[done:])]
	}
}

// massAt is Λ(t) within the leg.
func (l rateLeg) massAt(t float64) float64 {
	return l.mass + l.rate*(l.shape.Integral(t)-l.shape.Integral(l.from))
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// fromSeconds rounds to the nanosecond; what a Duration cannot hold is Never.
func fromSeconds(s float64) time.Duration {
	if ns := math.Round(s * 1e9); ns < float64(Never) {
		return time.Duration(ns)
	}
	return Never
}
