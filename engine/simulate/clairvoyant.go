package simulate

import (
	"math"
	"math/rand/v2"
	"time"

	"slbtui/routing/policy"
)

// Names of the references that know the truth. They are policies here and nowhere else.
const (
	GreedyClairvoyant = "greedy_clairvoyant"
	SocialClairvoyant = "social_clairvoyant"
)

// clairvoyant sees the Truth about every server, and the class of the request, and takes the lowest of
//
//	greedy: Truth.ExpectedMS                      own expected completion
//	social: the same plus Truth.ImposedMS         and the delay imposed on the others
//
// The greedy one is not optimal for the mean: what is best for one request costs those after it. Ties
// at random.
type clairvoyant struct {
	name   string
	social bool
	rng    *rand.Rand
	truth  func(server int) Truth
}

// Name is one of the two names above.
func (c *clairvoyant) Name() string { return c.name }

// Inform implements Insider.
func (c *clairvoyant) Inform(truth func(server int) Truth) { c.truth = truth }

// Pick takes the server of the lowest expected cost.
func (c *clairvoyant) Pick(v policy.View) (int, policy.Token) {
	best, lowest, ties := policy.NoServer, math.Inf(1), 0
	for i := range v.Servers {
		if !v.Servers[i].Available {
			continue
		}
		switch cost := c.cost(c.truth(i)); {
		case best == policy.NoServer || cost < lowest:
			best, lowest, ties = i, cost, 1
		case cost == lowest:
			if ties++; c.rng.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best, policy.Token{Server: best, At: v.Now}
}

// Done has nothing to learn.
func (*clairvoyant) Done(policy.Token, policy.Outcome) {}

func (c *clairvoyant) cost(t Truth) float64 {
	if c.social {
		return t.ExpectedMS() + t.ImposedMS()
	}
	return t.ExpectedMS()
}

// truth is that about server i for the request that is being routed.
func (w *world) truth(i int) Truth {
	s := &w.servers[i]
	t := Truth{
		MeanMS: s.meanMS(), Workers: s.Workers, Holding: s.busy + s.queue.n,
		DelayMS: float64(s.delay) / float64(time.Millisecond), ErrorRate: s.errorRate, Crashed: s.crashed,
	}
	if s.stalled > 0 {
		t.StallMS = float64(s.stalled-w.now) / float64(time.Millisecond)
	}
	if s.Limit > 0 && !s.bucket.has(w.now, s.Limit) {
		t.ErrorRate = 1
	}
	if w.scenario.Blind {
		t.Factor = w.scenario.MeanFactor()
		t.Ahead = t.Factor
	} else {
		t.Factor = w.routing.factor
		if t.Holding > 0 {
			t.Ahead = s.weight / float64(t.Holding)
		}
	}
	return t
}
