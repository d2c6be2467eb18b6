package routing

import "fmt"

// Drain makes a server take no new requests, while those in flight finish; or, with drain false,
// lets it take part again, by slow start. It fails on an unknown id.
func (p *Pool) Drain(id string, drain bool) error {
	for _, u := range p.upstreams {
		if u.id != id {
			continue
		}
		u.mu.Lock()
		changed := u.draining != drain
		u.draining = drain
		if changed && !drain {
			u.warmUp(p.Now())
		}
		state := u.state()
		u.mu.Unlock()
		switch {
		case changed && drain:
			p.announce(id, state, "no new requests, by order")
		case changed:
			p.announce(id, state, "takes requests again, by order")
		}
		return nil
	}
	return fmt.Errorf("no server %q in the pool", id)
}
