package policy

import "sync"

var roundRobinSpec = Spec{
	Name:      "round_robin",
	Summary:   "each server in turn",
	Source:    "Nagle, RFC 970",
	LoadBlind: true,
	New:       newRoundRobin,
}

// roundRobin takes the available servers in turn (the idea is Nagle's, RFC 970). The turn passes on from
// the server chosen, so the share of one that is out falls to all others and not to its neighbour.
type roundRobin struct {
	mu   sync.Mutex
	next int
}

func newRoundRobin(Options) Policy { return &roundRobin{} }

// Name is "round_robin".
func (*roundRobin) Name() string { return "round_robin" }

// Pick takes the next available server.
func (p *roundRobin) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range v.Servers {
		server := (p.next + i) % len(v.Servers)
		if v.Servers[server].Available {
			p.next = (server + 1) % len(v.Servers)
			return server, Token{Server: server, At: v.Now}
		}
	}
	return NoServer, Token{Server: NoServer, At: v.Now}
}

// Done has nothing to learn.
func (*roundRobin) Done(Token, Outcome) {}
