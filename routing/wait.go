package routing

import (
	"context"
	"time"
)

// Waiting is how many requests stand in line.
func (p *Pool) Waiting() int { return int(p.waiters.length.Load()) }

// Wait picks a server as Pick does, for the first attempt of a request, and waits in line for a place where
// limits ask for it: for their QueueTimeout, and for no more than longest where that is above 0. Where another
// router takes over meanwhile, that one picks: see Decision.Router.
func (r *Router) Wait(ctx context.Context, longest time.Duration) (Decision, Waited) {
	r = r.latest()
	p := r.pool
	var d Decision
	v := verdictFull
	if p.waiters.empty() { // who comes now stands behind those who wait
		d, v = r.pickUnlined(nil)
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
		r = r.latest()
		d, v = r.pick(nil)
		return v == verdictPicked
	})
	return d, end
}

// Try picks a server for the first attempt of a request, if that can be done at once; else somebody has to Wait.
func (r *Router) Try() (Decision, bool) {
	r = r.latest()
	if !r.pool.waiters.empty() {
		return Decision{}, false
	}
	d, v := r.pickUnlined(nil)
	return d, v == verdictPicked
}

// HandOver lets next, whose pool is the Next of this one's, pick for all requests that wait, in their order,
// and for those that have yet to ask. What is in flight ends here.
func (r *Router) HandOver(next *Router) {
	r.next.Store(next)
	r.pool.waiters.wake()
}

// latest is the router that has taken over, r itself where none has.
func (r *Router) latest() *Router {
	for next := r.next.Load(); next != nil; next = r.next.Load() {
		r = next
	}
	return r
}

// Router is the one that picked.
func (d Decision) Router() *Router { return d.rec.router }
