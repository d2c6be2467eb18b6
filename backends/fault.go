package backends

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/backends/fault"
)

// usable returns s with values that make no sense unset, and those beyond the end of the scale at its end.
func usable(s fault.Span) fault.Span {
	if !(s.Slow > 0) || math.IsInf(s.Slow, 1) {
		s.Slow = 0
	}
	s.Delay = max(s.Delay, 0)
	if !(s.ErrorRate > 0) {
		s.ErrorRate = 0
	}
	s.ErrorRate = min(s.ErrorRate, 1)
	s.For = max(s.For, 0)
	return s
}

// suffering is the sum of the faults in force. It never changes: a new one takes its place.
type suffering struct {
	fault.Fault
	until    [fault.Kinds]time.Time // zero: until cleared
	replaced chan struct{}          // closed when another took its place
}

// with returns what is suffered once f is added at now.
func (s *suffering) with(f fault.Span, now time.Time) *suffering {
	next := &suffering{Fault: s.Fault, until: s.until, replaced: make(chan struct{})}
	f = usable(f)
	for k := range fault.Kinds {
		if !f.Has(k) {
			continue
		}
		next.Take(k, f.Fault)
		next.until[k] = time.Time{}
		if f.For > 0 {
			next.until[k] = now.Add(f.For)
		}
	}
	if next.Slow == 1 {
		next.Slow, next.until[fault.Slow] = 0, time.Time{}
	}
	return next
}

// at returns what is left of s at now: s itself when nothing has ended.
func (s *suffering) at(now time.Time) *suffering {
	left := s
	for k := range fault.Kinds {
		if s.until[k].IsZero() || now.Before(s.until[k]) {
			continue
		}
		if left == s {
			left = &suffering{Fault: s.Fault, until: s.until, replaced: make(chan struct{})}
		}
		left.Take(k, fault.Fault{})
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
	for k := range fault.Kinds {
		if !s.Has(k) {
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
func (s *suffering) each(now time.Time) []fault.Span {
	var all []fault.Span
	for k := range fault.Kinds {
		if !s.Has(k) {
			continue
		}
		one := fault.Span{Fault: s.Only(k)}
		if !s.until[k].IsZero() {
			one.For = s.until[k].Sub(now)
		}
		all = append(all, one)
	}
	return all
}

// faults holds what a server suffers. Requests read it without a lock; whoever runs the server
// calls expire when next says so.
type faults struct {
	mu      sync.Mutex // held to replace
	now     atomic.Pointer[suffering]
	changed func(*suffering) // told of each replacement, in order
}

func (f *faults) init(changed func(*suffering)) {
	f.changed = changed
	f.now.Store(&suffering{replaced: make(chan struct{})})
}

// set adds a fault, clear ends all, and expire ends those whose time is up and returns the rest.
func (f *faults) set(add fault.Span) {
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
		f.changed(s)
		close(old.replaced)
	}
	return s
}
