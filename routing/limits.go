package routing

import "sync/atomic"

// crowd is all the requests that there are: those at the servers and those that wait. The pools of one
// configuration after another share it, so that limits hold across them and nobody loses their place.
type crowd struct {
	inFlight atomic.Int64 // of all servers
	waiters  gate
}

// reserve takes one of the places that LimitsConfig.MaxInFlight allows. It never takes more for an
// instant: another one would be turned away, and nobody would tell it to try again.
func (p *Pool) reserve() bool {
	limit := int64(p.limits.MaxInFlight)
	if limit == 0 {
		p.inFlight.Add(1) // a limit may come with the next configuration
		return true
	}
	for {
		n := p.inFlight.Load()
		if n >= limit {
			return false
		}
		if p.inFlight.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// unreserve gives back a place that was not used.
func (p *Pool) unreserve() { p.inFlight.Add(-1) }

// left is called when a request has left its server: there is room for one that waits.
func (p *Pool) left() {
	p.unreserve()
	p.waiters.wake()
}
