package routing

import (
	"context"
	"sync"
	"time"
)

// headerTimer cancels an attempt whose response header does not come in time. The zero value
// never does.
type headerTimer struct {
	limit time.Duration

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool // for good: an upload that still moves must not start it again
}

func (h *headerTimer) start(limit time.Duration, cancel context.CancelCauseFunc) {
	if limit > 0 {
		h.limit = limit
		h.timer = time.AfterFunc(limit, func() { cancel(errHeaderTimeout) })
	}
}

// extend gives the attempt its whole time again.
func (h *headerTimer) extend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.timer != nil && !h.stopped && h.timer.Stop() {
		h.timer.Reset(h.limit)
	}
}

func (h *headerTimer) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stopped = true
	if h.timer != nil {
		h.timer.Stop()
	}
}
