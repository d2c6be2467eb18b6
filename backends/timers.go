package backends

import (
	"context"
	"sync"
	"time"
)

// timers are those that no request waits for now. Each server has its own, for under synctest a
// timer belongs to the bubble it was made in.
type timers struct{ pool sync.Pool }

// sleep waits for d. It returns false if ctx ended first.
func (t *timers) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer, used := t.pool.Get().(*time.Timer)
	if used {
		timer.Reset(d)
	} else {
		timer = time.NewTimer(d)
	}
	defer func() {
		timer.Stop() // from then on nothing comes of it any more
		t.pool.Put(timer)
	}()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
