package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
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
	from := w.routing.balancer
	t.DelayMS += 2 * float64(w.atlas.way(from, int32(i))) / float64(time.Millisecond)
	t.Crashed = t.Crashed || w.atlas.parted(from, i)
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

// Truth is the state of a server as only its maker knows it: true means, queues and faults, but
// neither the size of a request nor the future.
type Truth struct {
	MeanMS    float64 // expected service time of an ordinary request that starts now
	Factor    float64 // of this request on that, by its class; 0 is 1
	Ahead     float64 // mean factor of those Holding; 0 is 1
	Workers   int     // 0 is unlimited
	Holding   int     // requests in service or queued
	DelayMS   float64 // added to every answer
	ErrorRate float64 // 0-1
	Crashed   bool
	StallMS   float64 // until a stalled server goes on, 0 when it is none
}

// Insider is a policy that may ask for the truth, such as one that another is trained by.
type Insider interface {
	// Inform hands over, before the first request, who tells the truth of now about a server, by its index.
	Inform(truth func(server int) Truth)
}

// ExpectedMS is what one more request is expected to take. With n requests at w slots and the mean m
// of now that is f·m + g·m·max(0, n-w+1)/w, where f is its own factor and g the mean one of those ahead,
// plus what its faults cost: the added delay, the rest of a stall, FailureCostMS for an expected failure.
func (t Truth) ExpectedMS() float64 {
	cost := t.MeanMS*factor(t.Factor) + t.DelayMS + t.ErrorRate*FailureCostMS
	if t.full() {
		cost += t.MeanMS * factor(t.Ahead) * float64(t.Holding-t.Workers+1) / float64(t.Workers)
	}
	if t.Crashed {
		cost += FailureCostMS
	}
	return cost + min(FailureCostMS, t.StallMS)
}

// ImposedMS is the delay that one more request imposes on the others: f·m·n/w once n ≥ w.
func (t Truth) ImposedMS() float64 {
	if !t.full() {
		return 0
	}
	return t.MeanMS * factor(t.Factor) * float64(t.Holding) / float64(t.Workers)
}

func (t Truth) full() bool { return t.Workers > 0 && t.Holding >= t.Workers }

// factor is that of a class, where 0 is 1.
func factor(f float64) float64 {
	if f == 0 {
		return 1
	}
	return f
}

// references know the truth, which no registry has.
var references = []string{GreedyClairvoyant, SocialClairvoyant}

// Policies lists the names Run knows with opts: the registry's, their own, then the clairvoyant references.
func Policies(opts policy.Options) (names []string) {
	for _, spec := range opts.Specs() {
		names = append(names, spec.Name)
	}
	return append(names, references...)
}

// ClassicalPolicies lists those that do not learn: what a learner must beat.
func ClassicalPolicies() []string {
	var names []string
	for _, spec := range policy.All() {
		if !spec.Learner {
			names = append(names, spec.Name)
		}
	}
	return names
}

// CheckPolicies fails on the first name that is not a policy with opts, and lists what there is.
func CheckPolicies(names []string, opts policy.Options) error {
	for _, name := range names {
		if err := opts.Check(name, references...); err != nil {
			return err
		}
	}
	return nil
}

func newPolicy(name string, o policy.Options) (policy.Policy, error) {
	if slices.Contains(references, name) {
		return &clairvoyant{name: name, social: name == SocialClairvoyant, rng: rand.New(rand.NewPCG(o.Seed, streamPolicies))}, nil
	}
	if err := o.Check(name, references...); err != nil {
		return nil, err
	}
	return policy.New(name, o)
}
