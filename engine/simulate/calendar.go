package simulate

import (
	"math"
	"time"
)

// forever is the time of what will not happen.
const forever = time.Duration(math.MaxInt64)

// happening is what an event is about.
type happening uint8

const (
	reached  happening = iota // a request that has come a long way reaches its server
	served                    // a service ends
	shared                    // a service ends at a server that shares its workers
	arrived                   // a delayed answer reaches the balancer
	errored                   // an injected error reaches the balancer
	limited                   // a refusal of what is above a limit reaches the balancer
	refused                   // a refused connection is noticed
	settled                   // an answer has streamed for so long that the policy hears of it
	streamed                  // an answer that streams ends
	faulty                    // a fault of a server begins or ends
	polled                    // health is polled
	reported                  // a health report reaches the policies
	told                      // the balancers tell each other what they have in flight
	cutting                   // a cut between zones begins or ends
)

// event is due at a time; events of one instant happen in the order they were planned.
type event struct {
	at     time.Duration
	serial uint64
	what   happening
	server int32
	life   uint32 // of the server, or of its plan, when a service ends
	ref    flightRef
	factor float64 // of the request, when a service ends
}

func (e *event) before(o *event) bool {
	return e.at < o.at || e.at == o.at && e.serial < o.serial
}

// calendar is a binary heap of events, by value and without an interface, so that nothing is
// allocated for an event once it is warm.
type calendar struct {
	heap   []event
	serial uint64
}

func (c *calendar) plan(e event) {
	c.serial++
	e.serial = c.serial
	h := append(c.heap, e)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
	c.heap = h
}

// at is when the next event is due.
func (c *calendar) at() time.Duration {
	if len(c.heap) == 0 {
		return forever
	}
	return c.heap[0].at
}

// next takes the next event. The calendar must not be empty.
func (c *calendar) next() event {
	h := c.heap
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	i := 0
	for {
		down := 2*i + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && h[down+1].before(&h[down]) {
			down++
		}
		if !h[down].before(&last) {
			break
		}
		h[i] = h[down]
		i = down
	}
	if len(h) > 0 {
		h[i] = last
	}
	c.heap = h
	return first
}
