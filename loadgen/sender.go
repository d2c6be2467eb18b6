package loadgen

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// panicError carries a panic of a request's goroutine to Run.
type panicError struct {
	seq   uint64
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("load generator: request %d panicked: %v\n%s", p.seq, p.value, p.stack)
}

// sender sends the requests of one run, each from a goroutine of its own. Tried, and no better: a
// pool of parked workers (1.3 us of CPU less, next to the 35 of an exchange over HTTP), a scheduler
// with a thread of its own (20 us more), and one that sends each request itself after passing the
// schedule on. What else a request needs is kept in a call and used again.
type sender struct {
	g         *Generator
	ctx       context.Context         // of all requests
	cancel    context.CancelCauseFunc // of ctx
	transport http.RoundTripper

	mu    sync.Mutex
	spare []*call // the one used last at the end
	busy  int     // calls under way, at most MaxInFlight
}

// start sends a request that is due, or drops it when too many are in flight. It never blocks.
func (s *sender) start(seq uint64, intended time.Time) {
	c := s.take()
	s.g.rec.scheduled(c == nil)
	if c == nil {
		return
	}
	c.seq, c.intended = seq, intended
	s.g.inFlight.Add(1)
	go c.run()
}

// take returns a call to make, or nil when MaxInFlight are under way.
func (s *sender) take() *call {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == s.g.cfg.MaxInFlight {
		return nil
	}
	s.busy++
	last := len(s.spare) - 1
	if last < 0 {
		return newCall(s)
	}
	c := s.spare[last]
	s.spare = s.spare[:last]
	return c
}

// release takes a call back that has ended.
func (s *sender) release(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	s.spare = append(s.spare, c)
}

// guard, deferred around a request, turns a panic into the end of the run.
func (s *sender) guard(seq uint64) {
	if v := recover(); v != nil {
		s.cancel(&panicError{seq: seq, value: v, stack: debug.Stack()})
	}
}
