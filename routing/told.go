package routing

// Tell says what other balancers have in flight at each server, in all; nil says that nobody tells any more. What
// policies see of it fades, as ForeignLoad has it. One goroutine at a time may call it; picks never wait for it.
func (r *Router) Tell(inFlight []int) {
	if inFlight == nil {
		r.foreign.Store(nil)
		return
	}
	next := NewForeignLoad(len(r.pool.upstreams))
	if last := r.foreign.Load(); last != nil {
		copy(next.servers, last.servers) // a pick may be looking at the last one
		next.unheard = last.unheard
	}
	next.Report(r.pool.Now(), inFlight)
	r.foreign.Store(next)
}
