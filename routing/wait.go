package routing

import (
	"context"
	"time"
)

// Waiting is how many requests stand in line.
func (p *Pool) Waiting() int { return int(p.waiters.length.Load()) }

// Wait picks a server as Pick does, for the first attempt of a request, and waits in line for a place where
// limits ask for it: for their QueueTimeout, and for no more than longest where that is above 0.
func (r *Router) Wait(ctx context.Context, longest time.Duration) (Decision, Waited) {
	p := r.pool
	var d Decision
	v := verdictFull
	if p.waiters.empty() { // who comes now stands behind those who wait
		d, v = r.pick(nil)
	}
	switch v {
	case verdictPicked:
		return d, WaitedWell
	case verdictNobody:
		return d, WaitedNobody
	}
	patience := p.limits.QueueTimeout
	if longest > 0 {
		patience = min(patience, longest)
	}
	end := p.waiters.wait(ctx, p.limits.Queue, patience, func() bool {
		d, v = r.pick(nil)
		return v == verdictPicked
	})
	return d, end
}
