package comparison

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// Plan says what to compare. Every policy meets every scenario with every seed.
type Plan struct {
	Scenarios []simulate.Scenario
	Policies  []string
	Seeds     []uint64
	Traces    [][]simulate.Request // by seed: sent instead of those drawn; nil draws them. See RunTrace
	Options   policy.Options       // parameters of the policies
	Baseline  string               // of the paired differences; "" takes the best classical policy of Policies
	Workers   int                  // runs at once; 0 is one a core
}

// SeedRange returns n seeds from first on.
func SeedRange(first uint64, n int) []uint64 {
	seeds := make([]uint64, max(0, n))
	for i := range seeds {
		seeds[i] = first + uint64(i)
	}
	return seeds
}

func (p Plan) validate() error {
	switch {
	case len(p.Scenarios) == 0:
		return errors.New("simulate: no scenario to run")
	case len(p.Policies) == 0:
		return errors.New("simulate: no policy to run")
	case len(p.Seeds) == 0:
		return errors.New("simulate: no seed to run with; use 1 or more")
	}
	for i, name := range p.Policies {
		if slices.Contains(p.Policies[:i], name) {
			return fmt.Errorf("simulate: policy %s is there twice", name)
		}
	}
	if p.Baseline != "" && !slices.Contains(p.Policies, p.Baseline) {
		return fmt.Errorf("simulate: the baseline %s is not among the policies", p.Baseline)
	}
	if p.Traces != nil && len(p.Traces) != len(p.Seeds) {
		return fmt.Errorf("simulate: %d traces for %d seeds", len(p.Traces), len(p.Seeds))
	}
	for _, sc := range p.Scenarios {
		if err := sc.Validate(); err != nil {
			return fmt.Errorf("scenario %s: %w", sc.Name, err)
		}
	}
	return simulate.CheckPolicies(p.Policies, p.Options)
}

// Compare runs the plan, several runs at once, and sums it up. The report depends on the plan
// alone, not on the number of workers. Regret needs the clairvoyants, so they run too, whether
// they are among the policies or not. Progress, if not nil, is told after each run how many of how
// many are done; calls do not overlap. It fails when ctx ends or a run cannot be made.
func Compare(ctx context.Context, plan Plan, progress func(done, total int)) (Report, error) {
	if err := plan.validate(); err != nil {
		return Report{}, err
	}
	policies := slices.Clone(plan.Policies)
	for _, c := range []string{simulate.GreedyClairvoyant, simulate.SocialClairvoyant} {
		if !slices.Contains(policies, c) {
			policies = append(policies, c)
		}
	}
	workers := plan.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := comparison{plan: plan, policies: policies, progress: progress, report: Report{
		Seeds: plan.Seeds, Comparisons: make([]Comparison, len(plan.Scenarios)),
	}}
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i := range plan.Scenarios {
		g := &grid{left: len(policies) * len(plan.Seeds), results: make([][]simulate.Result, len(policies))}
		for p := range policies {
			g.results[p] = make([]simulate.Result, len(plan.Seeds))
			for s := range plan.Seeds {
				if running.Err() != nil {
					break
				}
				group.Go(func() error { return c.run(running, i, g, p, s) })
			}
		}
	}
	if err := group.Wait(); err != nil {
		return Report{}, err
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return c.report, nil
}

// run makes the run of the seed of that index.
func (p *Plan) run(sc simulate.Scenario, policy string, seed int) (simulate.Result, error) {
	if p.Traces == nil {
		return simulate.Run(sc, policy, p.Options, p.Seeds[seed])
	}
	return simulate.RunTrace(sc, policy, p.Options, p.Traces[seed], p.Seeds[seed])
}

// comparison is a plan being run.
type comparison struct {
	plan     Plan
	policies []string
	progress func(done, total int)

	mu     sync.Mutex
	done   int
	report Report
}

// grid holds the runs of one scenario, by policy and seed, until all are there.
type grid struct {
	left    int
	results [][]simulate.Result
}

func (c *comparison) run(ctx context.Context, scenario int, g *grid, policy, seed int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sc := c.plan.Scenarios[scenario]
	sc.Records = false // the report has no use for them
	r, err := c.plan.run(sc, c.policies[policy], seed)
	if err != nil {
		return err
	}
	c.mu.Lock()
	g.results[policy][seed] = r
	g.left--
	last := g.left == 0
	c.done++
	if c.progress != nil {
		c.progress(c.done, len(c.plan.Scenarios)*len(c.policies)*len(c.plan.Seeds))
	}
	c.mu.Unlock()
	if last { // all of this scenario's results are written, so nobody else touches them
		c.report.Comparisons[scenario] = sumUp(sc, c.plan, c.policies, g.results)
		g.results = nil
	}
	return nil
}
