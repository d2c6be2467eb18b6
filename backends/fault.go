package backends

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is what a server is made to suffer. Its zero value sets nothing.
type Fault struct {
	// Slow multiplies the service times that start from now on. 0 sets nothing, 1 ends a slowdown.
	Slow float64
	// Delay is added to every response, errors included, after service and without holding a slot:
	// a longer way to the server, not more work on it.
	Delay time.Duration
	// ErrorRate is the share of requests, 0-1, answered with 500 about a millisecond after they
	// arrived, without taking a slot.
	ErrorRate float64
	// Stall makes the workers stick: requests are accepted, take slots and queue up, and none is
	// answered until the fault ends or its client leaves. When it ends they go on. /health answers.
	Stall bool
	// Crash closes the listener and cuts all connections. When it ends the server listens again on
	// the same port.
	Crash bool
	// For is how long the kinds set here last, each on its own clock; 0 means until cleared.
	For time.Duration
}

// A kind is one of the ways to suffer, each with its own end.
type kind int

const (
	slow kind = iota
	delay
	errorRate
	stall
	crash
	kinds
)

// has tells whether f suffers k.
func (f *Fault) has(k kind) bool {
	return [kinds]bool{f.Slow != 0, f.Delay != 0, f.ErrorRate != 0, f.Stall, f.Crash}[k]
}

// copyKind makes f suffer k as from does.
func (f *Fault) copyKind(k kind, from *Fault) {
	switch k {
	case slow:
		f.Slow = from.Slow
	case delay:
		f.Delay = from.Delay
	case errorRate:
		f.ErrorRate = from.ErrorRate
	case stall:
		f.Stall = from.Stall
	case crash:
		f.Crash = from.Crash
	}
}

// usable returns f with values that make no sense unset, and those beyond the end of the scale at its end.
func (f Fault) usable() Fault {
	if !(f.Slow > 0) || math.IsInf(f.Slow, 1) {
		f.Slow = 0
	}
	f.Delay = max(f.Delay, 0)
	if !(f.ErrorRate > 0) {
		f.ErrorRate = 0
	}
	f.ErrorRate = min(f.ErrorRate, 1)
	f.For = max(f.For, 0)
	return f
}

// suffering is the sum of the faults in force. It never changes: a new one takes its place.
type suffering struct {
	Fault
	until    [kinds]time.Time // zero: until cleared
	replaced chan struct{}    // closed when another took its place
}

// with returns what is suffered once f is added at now.
func (s *suffering) with(f Fault, now time.Time) *suffering {
	next := &suffering{Fault: s.Fault, until: s.until, replaced: make(chan struct{})}
	f = f.usable()
	for k := range kinds {
		if !f.has(k) {
			continue
		}
		next.copyKind(k, &f)
		next.until[k] = time.Time{}
		if f.For > 0 {
			next.until[k] = now.Add(f.For)
		}
	}
	if next.Slow == 1 {
		next.Slow, next.until[slow] = 0, time.Time{}
	}
	return next
}

// at returns what is left of s at now: s itself when nothing has ended.
func (s *suffering) at(now time.Time) *suffering {
	left := s
	for k := range kinds {
		if s.until[k].IsZero() || now.Before(s.until[k]) {
			continue
		}
		if left == s {
			left = &suffering{Fault: s.Fault, until: s.until, replaced: make(chan struct{})}
		}
		left.copyKind(k, &Fault{})
		left.until[k] = time.Time{}
	}
	return left
}

// next returns when the first of the faults ends; zero when none ends by itself.
func (s *suffering) next() time.Time {
	var first time.Time
	for _, t := range s.until {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// left returns how long after now the last of the faults ends; 0 when there is none, or one that
// lasts until cleared.
func (s *suffering) left(now time.Time) time.Duration {
	var last time.Duration
	for k := range kinds {
		if !s.has(k) {
			continue
		}
		if s.until[k].IsZero() {
			return 0
		}
		last = max(last, s.until[k].Sub(now))
	}
	return last
}

// each returns the faults one kind at a time, each with the time that is left of it after now; 0 lasts
// until cleared.
func (s *suffering) each(now time.Time) []Fault {
	var all []Fault
	for k := range kinds {
		if !s.has(k) {
			continue
		}
		var f Fault
		f.copyKind(k, &s.Fault)
		if !s.until[k].IsZero() {
			f.For = s.until[k].Sub(now)
		}
		all = append(all, f)
	}
	return all
}

// faults holds what a server suffers. Requests read it without a lock; whoever runs the server
// calls expire when next says so.
type faults struct {
	mu  sync.Mutex // held to replace
	now atomic.Pointer[suffering]
}

func (f *faults) init() { f.now.Store(&suffering{replaced: make(chan struct{})}) }

// set adds a fault, clear ends all, and expire ends those whose time is up and returns the rest.
func (f *faults) set(add Fault) {
	f.replace(func(s *suffering) *suffering { now := time.Now(); return s.at(now).with(add, now) })
}

func (f *faults) clear() {
	f.replace(func(*suffering) *suffering { return &suffering{replaced: make(chan struct{})} })
}

func (f *faults) expire() *suffering {
	return f.replace(func(s *suffering) *suffering { return s.at(time.Now()) })
}

func (f *faults) replace(by func(*suffering) *suffering) *suffering {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.now.Load()
	s := by(old)
	if s != old {
		f.now.Store(s)
		close(old.replaced)
	}
	return s
}
