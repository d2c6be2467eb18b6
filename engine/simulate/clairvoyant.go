package simulate

import (
	"math"
	"math/rand/v2"
	"time"

	"slbtui/routing"
)

// Names of the references that know the truth. They are policies here and nowhere else.
const (
	GreedyClairvoyant = "greedy_clairvoyant"
	SocialClairvoyant = "social_clairvoyant"
)

// clairvoyant sees the true means, queues and faults of the world, but neither the size of a
// request nor the future. With n requests at a server of w slots and the mean m of now, it takes
// the lowest of
//
//	greedy: m + m·max(0, n-w+1)/w             own expected completion
//	social: greedy + m·n/w once n ≥ w         and the delay imposed on the others
//
// plus what its faults cost: the added delay, the rest of a stall, FailureCostMS for an expected
// failure. The greedy one is not optimal for the mean: what is best for one request costs those
// after it. Ties at random.
type clairvoyant struct {
	name   string
	social bool
	rng    *rand.Rand
	world  *world // set when the world is made
}

// Name is one of the two names above.
func (c *clairvoyant) Name() string { return c.name }

// Pick takes the server of the lowest expected cost.
func (c *clairvoyant) Pick(v routing.View) (int, routing.Token) {
	best, lowest, ties := routing.NoServer, math.Inf(1), 0
	for i := range v.Servers {
		if !v.Servers[i].Available {
			continue
		}
		switch cost := c.cost(&c.world.servers[i], v.Now); {
		case best == routing.NoServer || cost < lowest:
			best, lowest, ties = i, cost, 1
		case cost == lowest:
			if ties++; c.rng.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best, routing.Token{Server: best, At: v.Now}
}

// Done has nothing to learn.
func (*clairvoyant) Done(routing.Token, routing.Outcome) {}

func (c *clairvoyant) cost(s *station, now time.Duration) float64 {
	mean := s.meanMS()
	cost := mean + float64(s.delay)/float64(time.Millisecond) + s.errorRate*FailureCostMS
	if n := s.busy + s.queue.n; s.Workers > 0 && n >= s.Workers {
		cost += mean * float64(n-s.Workers+1) / float64(s.Workers)
		if c.social {
			cost += mean * float64(n) / float64(s.Workers)
		}
	}
	if s.crashed {
		cost += FailureCostMS
	}
	if s.stalled > 0 {
		cost += min(FailureCostMS, float64(s.stalled-now)/float64(time.Millisecond))
	}
	return cost
}
