package train

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/qlearn/net"
	"slbtui/routing/policy"
)

// Reference is who the others are compared with, beside the best classical policy.
const Reference = "q_factored"

// BestClassical stands for the best of the policies that do not learn, chosen in each scenario.
const BestClassical = "best classical"

// Worlds is a kind of scenarios drawn from a seed.
type Worlds string

// The kinds, as simulate.Lookup calls them.
const (
	Random Worlds = "random" // the lab's own
	Wild   Worlds = "wild"   // and those outside
)

func (w Worlds) scenario(seed uint64) simulate.Scenario {
	if w == Wild {
		return simulate.WildScenario(seed)
	}
	return simulate.RandomScenario(seed)
}

// HeldOut is how policies do in scenarios that nobody was trained on.
type HeldOut struct {
	Of          Worlds
	First, Last uint64 // scenarios of that kind, each run once
	Standings   []Standing
}

// Standing is one policy. Ratios are geometric means over the scenarios, with 95 % intervals of the mean
// logarithm from a bootstrap over the scenarios.
type Standing struct {
	Policy    string
	Mean      Ratio // of the mean latency to Reference's
	P99       Ratio
	Classical Ratio   // of the mean latency to the best classical policy's
	Tail      Ratio   // and of the 99th percentile
	Failed    float64 // share of requests that failed, 0-1
}

// Ratio is how one number compares with another over all scenarios.
type Ratio struct {
	Of   float64
	CI   stats.Interval
	Wins int // scenarios in which it was below 1
}

// Evaluate runs the learners and all classical policies in n scenarios of a kind from HeldOutFirst on. The network
// is q_network's; the other parameters are those of options.
func Evaluate(ctx context.Context, network *net.Network, options policy.Options, of Worlds, n int, progress func(done, total int)) (HeldOut, error) {
	options.Network = network
	learners := []string{Reference, "q_network", "dqn", "q_learning"}
	plan := comparison.Plan{Policies: slices.Concat(simulate.ClassicalPolicies(), learners), Seeds: []uint64{HeldOutFirst}, Options: options}
	for i := range n {
		plan.Scenarios = append(plan.Scenarios, of.scenario(HeldOutFirst+uint64(i)))
	}
	report, err := comparison.Compare(ctx, plan, progress)
	if err != nil {
		return HeldOut{}, fmt.Errorf("evaluating the network: %w", err)
	}
	out := HeldOut{Of: of, First: HeldOutFirst, Last: HeldOutFirst + uint64(n) - 1}
	for _, name := range append(learners, BestClassical) {
		out.Standings = append(out.Standings, standing(name, report))
	}
	return out, nil
}

func standing(name string, report comparison.Report) Standing {
	mean := func(s *comparison.Summary) float64 { return s.MeanMS }
	p99 := func(s *comparison.Summary) float64 { return s.P99MS }
	ratio := func(value func(*comparison.Summary) float64, to func(*comparison.Comparison) string) Ratio {
		var logs []float64
		r := Ratio{}
		for i := range report.Comparisons {
			c := &report.Comparisons[i]
			mine := name
			if name == BestClassical {
				mine = bestOf(c, value)
			}
			a, b := value(&c.Row(mine).All), value(&c.Row(to(c)).All)
			if !(a > 0 && b > 0) {
				continue // one of them answered nothing
			}
			ln := math.Log(a / b)
			if logs = append(logs, ln); ln < 0 {
				r.Wins++
			}
		}
		r.Of, r.CI = math.Exp(stats.Mean(logs)), stats.Bootstrap(logs, name)
		r.CI[0], r.CI[1] = math.Exp(r.CI[0]), math.Exp(r.CI[1])
		return r
	}
	reference := func(*comparison.Comparison) string { return Reference }
	s := Standing{
		Policy: name, Mean: ratio(mean, reference), P99: ratio(p99, reference),
		Classical: ratio(mean, func(c *comparison.Comparison) string { return c.BestMean }),
		Tail:      ratio(p99, func(c *comparison.Comparison) string { return c.BestP99 }),
	}
	for i := range report.Comparisons {
		c := &report.Comparisons[i]
		mine := name
		if name == BestClassical {
			mine = c.BestMean
		}
		s.Failed += c.Row(mine).All.ErrorRate / float64(len(report.Comparisons))
	}
	return s
}

// bestOf is who of the classical policies was best by that number, failures aside.
func bestOf(c *comparison.Comparison, value func(*comparison.Summary) float64) string {
	if mean := c.Row(c.BestMean); value(&mean.All) <= value(&c.Row(c.BestP99).All) {
		return c.BestMean
	}
	return c.BestP99
}

// Write prints the table in Markdown.
func (h HeldOut) Write(w io.Writer) error {
	_, err := fmt.Fprintf(w, "held out: %[5]s:%[1]d-%[2]d; geometric mean of the ratios over the scenarios, [95 %% interval], scenarios won\n\n"+
		"| policy | mean / %[3]s's | p99 / %[3]s's | mean / %[4]s | p99 / %[4]s | failed |\n|---|---|---|---|---|---|\n", h.First, h.Last, Reference, BestClassical, h.Of)
	for _, s := range h.Standings {
		if err == nil {
			_, err = fmt.Fprintf(w, "| %s | %v | %v | %v | %v | %.2f %% |\n", s.Policy, s.Mean, s.P99, s.Classical, s.Tail, 100*s.Failed)
		}
	}
	return err
}

// String is such as "0.965 [0.944, 0.985] 30".
func (r Ratio) String() string {
	return fmt.Sprintf("%.3f [%.3f, %.3f] %d", r.Of, r.CI[0], r.CI[1], r.Wins)
}
