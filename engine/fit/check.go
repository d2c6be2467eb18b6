package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// How far the simulation may be from the log.
const (
	meanWithin      = 0.03
	p99Within       = 0.08
	steepnessWithin = 0.08
	byChance        = 2.5  // standard deviations of the shuffles that the log, which is one of them, may be away
	collapsedWithin = 0.25 // of how much slower servers get, where queues grow without end
	overWithin      = 0.05 // of all requests, in a log whose policy collapsed
	shuffles        = 8
)

// Check is the simulation of what the log is of, with the sizes of each server's requests dealt out anew: only what the servers
// are like can make it alike.
type Check struct {
	By                     string // the policy that was simulated: who routed, who chooses alike, or the log's own choices
	Log                    Marks
	Simulated              Marks // mean over the ways to deal them out
	Collapsed              bool  // queues grew without end: mean and p99 depend on everything, and are not compared
	LogView, SimulatedView View
	Failed                 []string // what differs too much; empty when the model holds
}

// collapsedAt is how many times the median the mean is where a policy collapsed.
const collapsedAt = 3

// candidates are policies that balancers have and whose choices have no signature: one that simulates the log, and sends as
// large a share to servers with fewest in flight, stands in for who routed.
var candidates = []string{"p2c", "random", "peak_ewma_full", "peak_ewma"}

// likeShare is how far that share may be off. What a policy has measured of latencies makes it differ from run to run;
// policies of other kinds are further apart.
const likeShare = 0.12

// replaySlack widens what is tolerated of choices that are replayed: they do not answer to the sizes as they now are,
// as the policy did, and so queue more.
const replaySlack = 2.5

// Check simulates who routed.
func (m *Model) Check(opts policy.Options) (Check, error) {
	log := marksOf(m.Log.Requests, len(m.Servers))
	if opts.Check(m.Routed.Policy) == nil {
		c, _, err := m.simulated(log, m.Routed.Policy, opts, 1)
		return c, err
	}
	for _, name := range candidates {
		c, toFewest, err := m.simulated(log, name, opts, 1)
		if err != nil || len(c.Failed) == 0 && math.Abs(toFewest-m.Routed.ToFewest) < likeShare {
			return c, err
		}
	}
	c, _, err := m.simulated(log, replayed, opts, replaySlack)
	return c, err
}

// simulated is the check by one policy, and which share it sent to servers with fewest in flight.
func (m *Model) simulated(log Marks, by string, opts policy.Options, slack float64) (c Check, toFewest float64, err error) {
	c = Check{By: by, Log: log, Collapsed: log.MeanMS > collapsedAt*log.P50MS}
	sc := m.scenario(likely)
	sc.Records = true
	trace := m.Trace()
	build := policy.New
	if by == replayed {
		build = m.replays()
	}
	var all []Marks
	for seed := range uint64(shuffles) {
		rng := rand.New(rand.NewPCG(seed, 0x636865636b))
		dealt := slices.Clone(trace)
		for _, of := range m.byServer() {
			for i, j := range rng.Perm(len(of)) {
				dealt[of[i]].Size = trace[of[j]].Size
			}
		}
		r, err := simulate.RunTracePolicy(sc, by, dealt, seed+1, opts, build)
		if err != nil {
			return c, 0, fmt.Errorf("self-check: %w", err)
		}
		requests := asLogged(r.Records)
		all = append(all, marksOf(requests, len(m.Servers)))
		if seed == 0 {
			c.SimulatedView = viewOf(requests, len(m.Servers), m.Length)
		}
		if seed == 0 && by != replayed {
			toFewest = toFewestOf(&Log{Balancers: 1}, requests, make([][]Period, len(m.Servers)))
		}
	}
	c.LogView, c.Simulated = viewOf(m.Log.Requests, len(m.Servers), m.Length), meanOf(all)
	c.judge(all, slack)
	return c, toFewest, nil
}

func (c *Check) judge(all []Marks, slack float64) {
	compare := func(what string, value func(Marks) float64, within float64) {
		log, simulated := value(c.Log), value(c.Simulated)
		tolerated := slack * max(within, byChance*spread(all, value)/simulated)
		if off := simulated/log - 1; !(math.Abs(off) <= tolerated) {
			c.Failed = append(c.Failed, fmt.Sprintf("%s: the simulation of %s gives %.4g, the log has %.4g (%+.0f %%; %.0f are tolerated)",
				what, c.By, simulated, log, 100*off, 100*tolerated))
		}
	}
	if c.Collapsed {
		compare("p50", func(m Marks) float64 { return m.P50MS }, p99Within)
		if off := c.Simulated.OverSecond - c.Log.OverSecond; math.Abs(off) > overWithin*slack {
			c.Failed = append(c.Failed, fmt.Sprintf("requests above a second: the simulation of %s has %.1f %%, the log %.1f %%",
				c.By, 100*c.Simulated.OverSecond, 100*c.Log.OverSecond))
		}
		compare("slower under load", func(m Marks) float64 { return m.Steepness }, collapsedWithin)
		return
	}
	compare("mean", func(m Marks) float64 { return m.MeanMS }, meanWithin)
	compare("p99", func(m Marks) float64 { return m.P99MS }, p99Within)
	compare("slower under load", func(m Marks) float64 { return m.Steepness }, steepnessWithin)
}

// spread is the standard deviation of a mark.
func spread(all []Marks, value func(Marks) float64) float64 {
	x := make([]float64, len(all))
	for i, m := range all {
		x[i] = value(m)
	}
	sd, _ := spreadOf(x)
	return sd
}

// byServer lists the requests of each server.
func (m *Model) byServer() [][]int {
	of := make([][]int, len(m.Servers))
	for i, q := range m.Log.Requests {
		of[q.Server] = append(of[q.Server], i)
	}
	return of
}

// replayed is what stands for who routed where nobody is known who would choose alike.
const replayed = "the log's own choices"

// replays makes a policy for each balancer in turn, again and again.
func (m *Model) replays() func(string, policy.Options) (policy.Policy, error) {
	of := make([][]Request, max(1, m.Log.Balancers))
	for _, q := range m.Log.Requests {
		of[q.Balancer] = append(of[q.Balancer], q)
	}
	next := 0
	return func(string, policy.Options) (policy.Policy, error) {
		p := &replay{requests: of[next%len(of)]}
		next++
		return p, nil
	}
}

// replay sends each request where the log says that it went. The lab asks once for each, in their order.
type replay struct {
	requests []Request
	next     int
}

// Name is what a report calls it.
func (*replay) Name() string { return "replay" }

// Pick takes the next request's server.
func (p *replay) Pick(v policy.View) (int, policy.Token) {
	server := int(p.requests[p.next%len(p.requests)].Server)
	p.next++
	return server, policy.Token{Server: server, At: v.Now}
}

// Done has nothing to learn.
func (*replay) Done(policy.Token, policy.Outcome) {}
