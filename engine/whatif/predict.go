package whatif

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// Situation is what is known of a moment.
type Situation struct {
	Servers []simulate.Server
	Faults  []Fault        // in force now
	Rate    float64        // requests per second, above 0
	Even    bool           // constant gaps between requests instead of a Poisson process
	Options policy.Options // parameters of the policies; servers and seed are filled in
	Seed    uint64         // of requests and policies
	// Ejection is what is done about servers that fail their requests; nil is nothing.
	Ejection *simulate.Ejection
	Yield    func() // called several times a millisecond, to let others have the processor; may be nil
	Routes   string // who routes: the others are held against it, and it is predicted first; "" for nobody
	// Learned returns the learner of that name whose knowledge is to be copied, nil when there is none.
	Learned func(name string) policy.Learner
}

// Fault is one that a server suffers now, of exactly one kind.
type Fault struct {
	Server     string // id
	fault.Span        // its For is until it ends by itself; 0 is for good
}

// Predict runs every policy that the options know, and the reference, one after another. It calls report,
// which may keep what it is given, before the first and after each. It fails when the situation is
// none that virtual time can run, and with ctx's error, at the latest after the run it is in.
func Predict(ctx context.Context, s Situation, report func(live.Prediction)) error {
	if !(s.Rate > 0) {
		return fmt.Errorf("rate %g: must be above 0 requests/s", s.Rate)
	}
	policies := Order(s.Options, s.Routes)
	p := live.Prediction{WhatIfExtent: extent(s.Rate, len(s.Servers), len(policies)), Total: len(policies)}
	p.Lasting = s.lasting(p.Horizon)
	report(p)
	var routes Runs
	for _, spec := range policies {
		row, runs, err := s.predict(ctx, spec, p.WhatIfExtent)
		if err != nil {
			return err
		}
		if spec.Name == s.Routes {
			routes = runs
		} else {
			row.Versus = runs.Versus(routes)
		}
		p.Rows = append(p.Rows[:len(p.Rows):len(p.Rows)], row) // a copy: those reported stay as they are
		report(p)
	}
	return nil
}

// Order is who is predicted, in turn: who routes, then those that the options know, at last the reference.
func Order(o policy.Options, routes string) []policy.Spec {
	all := append(o.Specs(), policy.Spec{Name: simulate.SocialClairvoyant})
	if i := slices.IndexFunc(all, func(s policy.Spec) bool { return s.Name == routes }); i > 0 {
		first := all[i]
		all = slices.Insert(slices.Delete(all, i, i+1), 0, first)
	}
	return all
}

// predict puts the runs of one policy together.
func (s *Situation) predict(ctx context.Context, spec policy.Spec, x live.WhatIfExtent) (live.WhatIfRow, Runs, error) {
	sc := s.scenario(x)
	start, run := live.StartPlain, simulate.Run
	if spec.Learner {
		var build Builder
		var err error
		if start, build, err = (Warm{Servers: s.Servers, Options: s.Options, Learned: s.Learned}).Learner(spec.Name); err != nil {
			return live.WhatIfRow{}, nil, err
		}
		if build != nil {
			run = func(sc simulate.Scenario, name string, o policy.Options, seed uint64) (simulate.Result, error) {
				return simulate.RunPolicy(sc, name, seed, o, build)
			}
		}
	}
	seeds := rand.New(rand.NewPCG(s.Seed, 0)) // the same for every policy, so that all get the same requests
	var horizon, now []simulate.Record
	var runs Runs
	calm, changed := x.Warmup/2, x.Warmup+s.lasting(x.Horizon)
	for range x.Runs {
		if err := ctx.Err(); err != nil {
			return live.WhatIfRow{}, nil, err
		}
		result, err := run(sc, spec.Name, s.Options, seeds.Uint64())
		if err != nil {
			return live.WhatIfRow{}, nil, err
		}
		before := len(horizon)
		for _, r := range result.Records {
			if r.Due >= x.Warmup {
				horizon = append(horizon, r)
			}
			if r.Due >= calm && r.Due < changed {
				now = append(now, r)
			}
		}
		runs = append(runs, slices.Clone(horizon[before:]))
	}
	return live.WhatIfRow{
		Policy: spec.Name, Start: start, Reference: spec.Name == simulate.SocialClairvoyant,
		WhatIfOutcome: s.outcome(horizon), Now: s.outcome(now),
	}, runs, nil
}

func (s *Situation) outcome(records []simulate.Record) live.WhatIfOutcome {
	stats := simulate.Describe(records, len(s.Servers))
	return live.WhatIfOutcome{MeanMS: stats.MeanMS, P99MS: stats.P99MS, ErrorRate: stats.ErrorRate}
}

// lasting is until the first of the faults ends, at most the horizon.
func (s *Situation) lasting(horizon time.Duration) time.Duration {
	for _, f := range s.Faults {
		if f.For > 0 {
			horizon = min(horizon, f.For)
		}
	}
	return horizon
}

// scenario is the situation as a world.
func (s *Situation) scenario(x live.WhatIfExtent) simulate.Scenario {
	sc := simulate.Scenario{
		Name: "what if", Duration: x.Warmup + x.Horizon, Rate: s.Rate, Servers: s.Servers, Records: true,
		Arrivals: simulate.Arrivals{Even: s.Even},
		Zones:    []string{s.Options.Zone},
		Ejection: s.Ejection,
		Yield:    s.Yield,
	}
	for _, f := range s.Faults {
		inForce := simulate.Fault{Server: f.Server, Fault: f.Fault}
		if f.For > 0 {
			inForce.For = x.Warmup + f.For
		}
		sc.Faults = append(sc.Faults, inForce)
	}
	return sc
}
