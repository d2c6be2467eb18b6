package policy

import (
	"math"
	"sync"
)

var weightedRoundRobinSpec = Spec{
	Name:      "weighted_round_robin",
	Summary:   "each server in turn, by the share of its weight",
	Source:    "nginx smooth weighted round robin",
	LoadBlind: true,
	New:       newWeightedRoundRobin,
}

// weightedRoundRobin gives each available server its weight's share of the turns, spread as
// evenly as can be: a a b a, not a a a b. It is nginx's smooth weighted round robin: everyone
// earns its weight, the richest is taken and pays what all have earned
// (ngx_http_upstream_round_robin.c).
type weightedRoundRobin struct {
	mu     sync.Mutex
	credit []float64 // per server
}

func newWeightedRoundRobin(Options) Policy { return &weightedRoundRobin{} }

// Name is "weighted_round_robin".
func (*weightedRoundRobin) Name() string { return "weighted_round_robin" }

// Pick takes the server with the most credit. One that is out neither earns nor pays.
func (p *weightedRoundRobin) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.credit) != len(v.Servers) {
		p.credit = make([]float64, len(v.Servers))
	}
	best, total := NoServer, 0.0
	for i := range v.Servers {
		s := &v.Servers[i]
		if !s.Available {
			continue
		}
		weight := usableWeight(s.Weight)
		total += weight
		p.credit[i] += weight
		if best == NoServer || p.credit[i] > p.credit[best] {
			best = i
		}
	}
	if best != NoServer {
		p.credit[best] -= total
	}
	return best, Token{Server: best, At: v.Now}
}

// usableWeight returns w, or 1 for what is no weight.
func usableWeight(w float64) float64 {
	if !(w > 0) || math.IsInf(w, 1) { // also when NaN
		return 1
	}
	return w
}

// Done has nothing to learn.
func (*weightedRoundRobin) Done(Token, Outcome) {}
