package simulate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"slbtui/routing/policy"
)

// Record is what became of one request.
type Record struct {
	Due     time.Duration
	Latency time.Duration // from Due to the end, also of a failure
	Server  int32         // of the last attempt; routing.NoServer when none was available
	Failed  bool
}

// Result is one run: a scenario, a policy, a seed.
type Result struct {
	Scenario string
	Policy   string
	Seed     uint64
	All      Stats
	Cold     Stats     // the first 2,000 requests or a fifth of the run, whichever is less
	Warm     Stats     // the rest
	Seconds  []Second  // by the second the requests were due in
	Curve    []float64 // mean latency of each of curvePoints blocks of CurveBlock requests, ms
	Tail     Tail      // distribution of the latencies
	Records  []Record  // in the order they were due; only with Scenario.Records
}

// Run sends the trace of the scenario and seed through a fresh policy. Of opts it takes the
// parameters; servers and seed are the scenario's and the run's own.
func Run(sc Scenario, policy string, opts policy.Options, seed uint64) (Result, error) {
	return RunPolicy(sc, policy, seed, opts, newPolicy)
}

// RunPolicy is Run with a policy that build makes, one for each balancer of the scenario: a
// learner with its tables loaded, or one that is in no registry.
func RunPolicy(sc Scenario, name string, seed uint64, opts policy.Options, build func(string, policy.Options) (policy.Policy, error)) (Result, error) {
	if err := sc.Validate(); err != nil {
		return Result{}, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	w, err := prepare(&sc, name, seed, opts, build)
	if err != nil {
		return Result{}, err
	}
	return w.result(name, seed), nil
}

// result runs the world to its end and sums it up.
func (w *world) result(policy string, seed uint64) Result {
	w.run()
	r := summarise(w.scenario, w.records)
	r.Scenario, r.Policy, r.Seed = w.scenario.Name, policy, seed
	if w.scenario.Records {
		r.Records = w.records
	}
	return r
}

func prepare(sc *Scenario, name string, seed uint64, opts policy.Options, build func(string, policy.Options) (policy.Policy, error)) (*world, error) {
	opts.Servers = make([]policy.ServerInfo, len(sc.Servers))
	for i, s := range sc.Servers {
		opts.Servers[i] = policy.ServerInfo{ID: s.ID, Weight: s.Weight, Zone: s.Zone}
		if s.Weight == 0 {
			opts.Servers[i].Weight = 1
		}
	}
	zones := sc.BalancerZones()
	seeds := rand.New(rand.NewPCG(seed, streamPolicies))
	policies := make([]policy.Policy, max(1, sc.Balancers))
	for i := range policies {
		opts.Seed, opts.Zone = seeds.Uint64(), zones[i]
		opts.QFactored.Balancers = count(zones, zones[i])
		p, err := build(name, opts)
		if err != nil {
			return nil, fmt.Errorf("simulate %s: %w", sc.Name, err)
		}
		policies[i] = p
	}
	w, err := newWorld(sc, seed, policies)
	if err != nil {
		return nil, err
	}
	w.streams = opts.QFactored.Streams
	return w, nil
}

// count tells how many of the zones are this one.
func count(zones []string, zone string) int {
	n := 0
	for _, z := range zones {
		if z == zone {
			n++
		}
	}
	return n
}
