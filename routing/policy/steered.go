package policy

import (
	"math/rand/v2"
	"sync"

	"slbtui/qlearn/factored"
	"slbtui/routing/policy/weights"
)

var leastRequestSteeredSpec = Spec{
	Name:    "least_request+steered",
	Summary: "HAProxy's leastconn with weights that an observer sets once a second, as slbtui steer does",
	Source:  "docs/steer.md",
	New:     newLeastRequestSteered,
}

// leastRequestSteered is a balancer of weights beside an observer: what slbtui steer makes of a HAProxy, to be judged
// before it is trusted. The observer is q_factored's table, which sees what becomes of the requests and decides none
// of them; about once a second it hands over weights.
//
// The balancer is HAProxy's leastconn to the letter (fwlc_queue_srv, 2.6): the lowest (in flight + 1)/weight, where a
// server without requests comes before all that have some, whatever its weight.
type leastRequestSteered struct {
	observer *QFactored

	mu      sync.Mutex
	rng     *rand.Rand
	steerer weights.Steerer
}

func newLeastRequestSteered(o Options) Policy {
	return &leastRequestSteered{observer: NewQFactored(o), rng: NewRand(o.Seed)}
}

// Name is "least_request+steered".
func (*leastRequestSteered) Name() string { return "least_request+steered" }

// Pick takes the server that is least busy for its weight; one of weight 0 only where there is no other.
func (p *leastRequestSteered) Pick(v View) (int, Token) {
	server := p.pick(v)
	if server == NoServer {
		return NoServer, Token{Server: NoServer, At: v.Now}
	}
	t, _ := p.observer.Observe(v, server)
	return server, t
}

func (p *leastRequestSteered) pick(v View) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steerer.Update(v.Now, func() []factored.Service { return p.observer.Services(v.Now) })
	given := p.steerer.Weights()
	best, drained := newLowest(), newLowest()
	for i := range v.Servers {
		s := &v.Servers[i]
		switch {
		case !s.Available:
		case i < len(given) && given[i].Value == 0:
			drained.offer(p.rng, i, float64(s.InFlight))
		default:
			best.offer(p.rng, i, leastconnKey(s.InFlight, i, given))
		}
	}
	if best.server == NoServer {
		return drained.server
	}
	return best.server
}

// leastconnKey is what HAProxy sorts servers by.
func leastconnKey(inFlight, server int, given []weights.Weight) float64 {
	if inFlight <= 0 {
		return 0
	}
	weight := weights.Full
	if server < len(given) {
		weight = given[server].Value
	}
	return float64(inFlight+1) / float64(weight)
}

// Done lets the observer know.
func (p *leastRequestSteered) Done(t Token, o Outcome) { p.observer.Done(t, o) }
