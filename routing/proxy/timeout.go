package proxy

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// stallTimer cancels an attempt in which nothing moves for too long: first until the response
// header, then within the response. One timer serves both; what moves only notes the time, and
// the timer, when it fires, goes on for what is left. The zero value never cancels, and
// nor does nil.
type stallTimer struct {
	cancel context.CancelCauseFunc
	moved  atomic.Int64 // UnixNano
	client atomic.Bool  // a write to the client is under way: its slowness isn't the server's

	mu      sync.Mutex
	timer   *time.Timer
	limit   time.Duration
	cause   error
	stopped bool // for good: an upload that still moves must not start it again
}

// expect gives the next stage its limit, 0 for none, and the cause of a cancellation.
func (t *stallTimer) expect(limit time.Duration, cause error) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limit, t.cause = limit, cause
	switch {
	case t.stopped:
	case limit <= 0 && t.timer != nil:
		t.timer.Stop()
	case limit <= 0:
	case t.timer == nil:
		t.timer = time.AfterFunc(limit, t.fire)
	default:
		t.move()
		t.timer.Reset(limit)
	}
}

// move notes that something came.
func (t *stallTimer) move() { t.moved.Store(time.Now().UnixNano()) }

// writing tells that a write to the client begins, or has ended.
func (t *stallTimer) writing(begins bool) {
	if t == nil {
		return
	}
	if !begins {
		t.move()
	}
	t.client.Store(begins)
}

func (t *stallTimer) fire() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped || t.limit <= 0 {
		return
	}
	left := t.limit
	if !t.client.Load() {
		left -= time.Since(time.Unix(0, t.moved.Load()))
	}
	if left > 0 {
		t.timer.Reset(left)
		return
	}
	t.cancel(t.cause)
}

func (t *stallTimer) stop() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	if t.timer != nil {
		t.timer.Stop()
	}
}
