package routing

import "slbtui/routing/transport"

// Clients makes the client halves for all upstreams, in their order.
func (p *Pool) Clients(cfg transport.Config) []transport.Client {
	all := make([]transport.Client, len(p.upstreams))
	for i, u := range p.upstreams {
		all[i] = transport.NewClient(cfg, u.id, u.url)
	}
	return all
}
