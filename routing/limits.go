package routing

// reserve takes one of the places that LimitsConfig.MaxInFlight allows. It never takes more for an
// instant: another one would be turned away, and nobody would tell it to try again.
func (p *Pool) reserve() bool {
	limit := int64(p.limits.MaxInFlight)
	for limit > 0 {
		n := p.inFlight.Load()
		if n >= limit {
			return false
		}
		if p.inFlight.CompareAndSwap(n, n+1) {
			break
		}
	}
	return true
}

// unreserve gives back a place that was not used.
func (p *Pool) unreserve() {
	if p.limits.MaxInFlight > 0 {
		p.inFlight.Add(-1)
	}
}

// left is called when a request has left its server: there is room for one that waits.
func (p *Pool) left() {
	p.unreserve()
	p.waiters.wake()
}
