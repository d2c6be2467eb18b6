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
