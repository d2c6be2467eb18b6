package metrics

import "time"

// ring holds the current second and the closed ones of the window. The recorder's lock guards current
// and cached, its closing the rest.
type ring struct {
	current *accumulator
	next    *accumulator // empty, for the second to come
	closed  []*accumulator
	cached  Summary // of the closed ones: read ten times as often as it changes
}

func newRing() *ring {
	return &ring{current: newAccumulator(secondDigits), cached: Summary{SuccessRate: 1}}
}

// prepare readies the second to come, on the accumulator of the one that leaves the window if there is one.
func (r *ring) prepare() {
	if len(r.closed) < window {
		r.next = newAccumulator(secondDigits)
		return
	}
	r.next = r.closed[0]
	r.next.reset()
	r.closed = append(r.closed[:0], r.closed[1:]...)
}

// turn closes the current second.
func (r *ring) turn() {
	r.closed = append(r.closed, r.current)
	r.current, r.next = r.next, nil
}

// latest is the second closed last.
func (r *ring) latest() *accumulator { return r.closed[len(r.closed)-1] }

// sum is that of the closed seconds.
func (r *ring) sum(scratch *accumulator) Summary {
	scratch.reset()
	for _, c := range r.closed {
		scratch.merge(c)
	}
	return scratch.summary(time.Duration(len(r.closed)) * time.Second)
}

func (r *ring) summary() Summary { return r.cached }
