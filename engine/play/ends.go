package play

import (
	"slices"
	"time"

	"slbtui/backends/fault"
)

// Ends knows which faults end by themselves, so that somebody can tell when they did. One goroutine may
// use it.
type Ends struct {
	timer *time.Timer // the first end
	due   []End
}

// End is the end of one kind of fault.
type End struct {
	Server string
	Fault  fault.Fault
	at     time.Time
}

// NewEnds expects none.
func NewEnds() *Ends { return &Ends{timer: stopped()} }

// Due says when it is time to ask what is Over.
func (x *Ends) Due() <-chan time.Time { return x.timer.C }

// Expect remembers that f, which has just been injected, ends by itself, if it does. Each kind of it takes
// the place of an earlier one.
func (x *Ends) Expect(server string, f fault.Span) {
	x.due = slices.DeleteFunc(x.due, func(d End) bool { return d.Server == server && f.Shares(d.Fault) })
	for _, one := range f.Split() {
		if f.For > 0 {
			x.due = append(x.due, End{server, one, time.Now().Add(f.For)})
		}
	}
	x.await()
}

// Forget drops the ends of faults that have been cleared: of one server, or ("") of all.
func (x *Ends) Forget(server string) {
	x.due = slices.DeleteFunc(x.due, func(d End) bool { return server == "" || d.Server == server })
	x.await()
}

// Over returns the faults whose time is over, each once.
func (x *Ends) Over() (over []End) {
	now := time.Now()
	x.due = slices.DeleteFunc(x.due, func(d End) bool {
		if now.Before(d.at) {
			return false
		}
		over = append(over, d)
		return true
	})
	x.await()
	return over
}

// await sets the timer for the first end.
func (x *Ends) await() {
	x.timer.Stop()
	if len(x.due) > 0 {
		first := slices.MinFunc(x.due, func(a, b End) int { return a.at.Compare(b.at) })
		x.timer.Reset(time.Until(first.at))
	}
}
