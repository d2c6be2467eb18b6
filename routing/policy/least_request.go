package policy

import (
	"math/rand/v2"
	"sync"
)

var leastRequestSpec = Spec{
	Name:    "least_request",
	Summary: "the server with the fewest requests in flight, ties at random",
	Source:  "HAProxy leastconn, nginx least_conn",
	New:     newLeastRequest,
}

// leastRequest takes the server with the fewest requests in flight, ties at random: the
// leastconn of HAProxy and least_conn of nginx. It looks at every server, so it never picks a
// busier one; random ties keep the first of the list from getting all the traffic at low load.
type leastRequest struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newLeastRequest(o Options) Policy { return &leastRequest{rng: NewRand(o.Seed)} }

// Name is "least_request".
func (*leastRequest) Name() string { return "least_request" }

// Pick takes the least busy server.
func (p *leastRequest) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	best := newLowest()
	for i := range v.Servers {
		if s := &v.Servers[i]; s.Available {
			best.offer(p.rng, i, float64(s.InFlight))
		}
	}
	return best.server, Token{Server: best.server, At: v.Now}
}

// Done has nothing to learn.
func (*leastRequest) Done(Token, Outcome) {}
