package proxy

import (
	"context"
	"sync"
	"time"
)

// stallTimer cancels an attempt in which nothing moves for too long: first until the response
// header, then within the response. One timer serves both; what moves is only noted, by the client's
// side, and the timer, when it fires, goes on for what is left. The zero value never cancels, and
// nor does nil.
type stallTimer struct {
	cancel context.CancelCauseFunc
	client *client // its slowness isn't the server's; may be nil

	mu      sync.Mutex
	timer   *time.Timer
	moved   time.Time // the stage began
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
		t.moved = time.Now()
		t.timer.Reset(limit)
	}
}

func (t *stallTimer) fire() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped || t.limit <= 0 {
		return
	}
	waits, turned := t.client.now()
	if t.moved.After(turned) {
		turned = t.moved
	}
	left := t.limit - time.Since(turned)
	if waits&awaitedRoom != 0 {
		left = t.limit // client_limits.send_timeout is for that
	}
	switch {
	case left > 0:
		t.timer.Reset(left)
	case waits != 0:
		t.cancel(errClientSilent)
		_ = t.client.interrupt()
	default:
		t.cancel(t.cause)
	}
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
