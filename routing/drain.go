package routing

import (
	"fmt"
	"strings"
)

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
		switch {
		case changed && drain:
			u.warming.leave(p.Now())
		case changed:
			u.warmUp(p.Now())
		}
		state := u.state()
		u.unlock()
		switch {
		case changed && drain:
			p.announce(id, state, "no new requests, by order")
		case changed:
			p.announce(id, state, "takes requests again, by order")
		}
		return nil
	}
	var ids []string
	for _, u := range p.upstreams {
		ids = append(ids, u.id)
	}
	return fmt.Errorf("no server %q in the pool; there are %s", id, strings.Join(ids, ", "))
}
