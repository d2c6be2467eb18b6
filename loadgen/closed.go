package loadgen

import (
	"context"
	"sync/atomic"
	"time"
)

// errorPause is the least that a user waits after a request without a response: a target that is
// gone must not be asked a hundred thousand times a second.
const errorPause = 100 * time.Millisecond

// closedLoop lets each user send a request, wait for the answer, think, and send the next, until
// ctx ends or the duration is over. A slow target slows it down, so its latencies do not say what
// a stream of independent users would see: that is what the open loop is for.
func (g *Generator) closedLoop(ctx context.Context, s *sender) {
	if g.cfg.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.cfg.Duration)
		defer cancel()
	}
	var last atomic.Uint64
	for range g.cfg.Users {
		g.inFlight.Go(func() {
			c := newCall(s)
			for ctx.Err() == nil {
				g.rec.scheduled(false)
				pause := g.cfg.Think
				if c.send(last.Add(1), time.Now()).Status == 0 {
					pause = max(pause, errorPause)
				}
				think(ctx, pause)
			}
		})
	}
	<-ctx.Done()
}

// think waits for d, or until ctx ends.
func think(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
