package loadgen

import "time"

// Schedule says when requests are due. [Arrivals] is one; a recorded trace is another. Times count
// from the start of the run. One goroutine at a time uses it.
type Schedule interface {
	// Next returns when the next request is due, or Never. It is not before those passed.
	Next() time.Duration
	// Advance passes the next request, if there is one, and moves on to the one after it.
	Advance()
}

// Trace is a Schedule of times known beforehand, ascending: the same traffic again.
type Trace struct {
	due    []time.Duration
	passed int
}

// NewTrace starts a trace. It reads due, and does not copy it.
func NewTrace(due []time.Duration) *Trace { return &Trace{due: due} }

// Next returns the first time not passed.
func (t *Trace) Next() time.Duration {
	if t.passed == len(t.due) {
		return Never
	}
	return t.due[t.passed]
}

// Advance passes it.
func (t *Trace) Advance() {
	if t.passed < len(t.due) {
		t.passed++
	}
}

// Loop is a Schedule of times known beforehand, ascending, that begin again with each period.
type Loop struct {
	due    []time.Duration
	period time.Duration
	from   time.Duration // when the round began
	passed int           // of the round
}

// NewLoop starts a loop of times below its period. It reads due, and does not copy it. Without a time, or a period above
// 0, nothing is ever due.
func NewLoop(due []time.Duration, period time.Duration) *Loop { return &Loop{due: due, period: period} }

// Next returns the first time not passed.
func (l *Loop) Next() time.Duration {
	if len(l.due) == 0 || l.period <= 0 {
		return Never
	}
	return l.from + l.due[l.passed]
}

// Advance passes it.
func (l *Loop) Advance() {
	if l.Next() == Never {
		return
	}
	if l.passed++; l.passed == len(l.due) {
		l.passed, l.from = 0, l.from+l.period
	}
}
