// Package fault says what a server can be made to suffer: the one type for it, its kinds, and its words. It
// is a leaf: it injects nothing, and has no goroutine.
package fault

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// The most that Check allows.
const (
	MaxSlow  = 1000
	MaxDelay = time.Minute
)

// Fault is what a server is made to suffer. The zero value is a healthy server.
type Fault struct {
	// Slow multiplies the service times that start from now on. 0 sets nothing, 1 ends a slowdown.
	Slow float64 `json:"slow"`
	// Delay is added to every response, errors included, after service and without holding a slot:
	// a longer way to the server, not more work on it.
	Delay time.Duration `json:"delay_ns"`
	// ErrorRate is the share of requests, 0-1, answered with 500 about a millisecond after they
	// arrived, without taking a slot.
	ErrorRate float64 `json:"error_rate"`
	// Stall makes the workers stick: requests are accepted, take slots and queue up, and none is
	// answered until the fault ends or its client leaves. When it ends they go on. /health answers.
	Stall bool `json:"stall"`
	// Crash closes the listener and cuts all connections. When it ends the server listens again on
	// the same port.
	Crash bool `json:"crash"`
}

// Span is a fault and how long it lasts.
type Span struct {
	Fault
	For time.Duration `json:"for_ns"` // 0: until it is cleared
}

// Kind is one of the ways to suffer. Each has its own clock: what a server suffers of one kind ends, or gives
// way to a new value, whatever becomes of the others.
type Kind uint8

// The kinds, in the order in which Split has them.
const (
	Slow Kind = iota
	Delay
	Errors
	Stall
	Crash
	Kinds // how many there are
)

// Has tells whether f sets something of kind k, be it the end of a slowdown.
func (f Fault) Has(k Kind) bool {
	switch k {
	case Slow:
		return f.Slow != 0
	case Errors:
		return f.ErrorRate != 0
	case Delay:
		return f.Delay != 0
	case Stall:
		return f.Stall
	case Crash:
		return f.Crash
	}
	return false
}

// Take makes f suffer of kind k what from does, be it nothing.
func (f *Fault) Take(k Kind, from Fault) {
	switch k {
	case Slow:
		f.Slow = from.Slow
	case Errors:
		f.ErrorRate = from.ErrorRate
	case Delay:
		f.Delay = from.Delay
	case Stall:
		f.Stall = from.Stall
	case Crash:
		f.Crash = from.Crash
	}
}

// Only returns what f suffers of kind k: the zero Fault where that is nothing, as it is of a slowdown that ends.
func (f Fault) Only(k Kind) Fault {
	var one Fault
	if one.Take(k, f); one.Slow == 1 {
		one.Slow = 0
	}
	return one
}

// Split returns what f suffers one kind at a time.
func (f Fault) Split() []Fault {
	var all []Fault
	for k := range Kinds {
		if one := f.Only(k); one != (Fault{}) {
			all = append(all, one)
		}
	}
	return all
}

// Shares tells whether there is a kind that both set.
func (f Fault) Shares(g Fault) bool {
	for k := range Kinds {
		if f.Has(k) && g.Has(k) {
			return true
		}
	}
	return false
}

// Check says what is wrong with a fault that is to be injected for a time: nothing is set, a value makes no
// sense, or is larger than anyone means.
func (s Span) Check() error {
	switch {
	case s.Fault == Fault{}:
		return errors.New("no fault given")
	case math.IsNaN(s.Slow) || s.Slow < 0 || s.Slow > MaxSlow:
		return fmt.Errorf("slowdown %g: must be 0-%d", s.Slow, MaxSlow)
	case math.IsNaN(s.ErrorRate) || s.ErrorRate < 0 || s.ErrorRate > 1:
		return fmt.Errorf("error rate %g: must be 0-1", s.ErrorRate)
	case s.Delay < 0 || s.Delay > MaxDelay:
		return fmt.Errorf("delay %v: must be 0-1m", s.Delay)
	case s.For < 0:
		return fmt.Errorf("duration %v: must not be negative", s.For)
	}
	return nil
}
