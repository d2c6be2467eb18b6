package comparison

import (
	"math"
	"slices"

	"slbtui/engine/simulate"
	"slbtui/engine/stats"
)

// Report is what Compare found, in the order of its plan.
type Report struct {
	Seeds       []uint64
	Comparisons []Comparison
}

// Comparison is one scenario and how each policy did in it.
type Comparison struct {
	Scenario      simulate.Scenario
	BestMean      string // the classical policy with the lowest mean, see bestClassical; "" when none ran
	BestP99       string // and that with the lowest p99
	Rows          []Row
	ChangeSeconds []float64 // when faults begin or end, ascending
}

// Row is one policy in one scenario, over all seeds.
type Row struct {
	Scenario string
	Policy   string
	Seeds    int
	All      Summary
	Cold     Summary
	Warm     Summary
	Mean     Paired // against the baseline's mean
	P99      Paired // against the baseline's p99

	Seconds []simulate.Second // mean over the seeds
	Curve   []Band            // by block of Scenario.CurveBlock requests
	Tail    simulate.Tail     // of all seeds together
	RegretS []float64         // cumulative, in seconds of latency, at the end of each second; mean over the seeds
}

// Summary is the mean over the seeds of each number of a run.
type Summary struct {
	Requests  float64 // in a run
	MeanMS    float64
	P50MS     float64
	P90MS     float64
	P95MS     float64
	P99MS     float64
	P999MS    float64
	MaxMS     float64
	CV        float64
	ErrorRate float64        // 0-1
	Share     []float64      // by server
	MeanCI    stats.Interval // of MeanMS
	P99CI     stats.Interval // of P99MS
}

// Paired is the difference to a baseline on the same traces.
type Paired struct {
	Baseline string         // "" when there is none
	BaseMS   float64        // its mean over the seeds
	DiffMS   float64        // mean over the seeds of this policy minus the baseline: below 0 is better
	CI       stats.Interval // of DiffMS
	Percent  float64        // DiffMS as a percentage of the baseline
	Wins     int            // seeds in which this policy was lower
}

// Band is the spread over the seeds.
type Band struct {
	Low, Median, High float64 // quartiles
}

// Row finds a policy; nil when it did not run.
func (c *Comparison) Row(policy string) *Row {
	for i := range c.Rows {
		if c.Rows[i].Policy == policy {
			return &c.Rows[i]
		}
	}
	return nil
}

// sumUp makes a Comparison of a scenario's results, which are by policy and seed.
func sumUp(sc simulate.Scenario, plan Plan, policies []string, results [][]simulate.Result) Comparison {
	c := Comparison{Scenario: sc, ChangeSeconds: changes(sc)}
	ideal := cheapest(policies, results)
	for i, policy := range policies {
		if slices.Contains(plan.Policies, policy) {
			c.Rows = append(c.Rows, newRow(sc, policy, results[i], ideal))
		}
	}
	c.BestMean = bestClassical(c.Rows, func(s *Summary) float64 { return s.MeanMS })
	c.BestP99 = bestClassical(c.Rows, func(s *Summary) float64 { return s.P99MS })
	for i := range c.Rows {
		row := &c.Rows[i]
		mine := results[slices.Index(policies, row.Policy)]
		pair := func(best string, value func(*simulate.Stats) float64) Paired {
			if plan.Baseline != "" {
				best = plan.Baseline
			}
			if best == "" {
				return Paired{}
			}
			return paired(best, mine, results[slices.Index(policies, best)], value)
		}
		row.Mean = pair(c.BestMean, func(s *simulate.Stats) float64 { return s.MeanMS })
		row.P99 = pair(c.BestP99, func(s *simulate.Stats) float64 { return s.P99MS })
	}
	return c
}

// tolerated is by how much the error rate of the best classical policy may exceed the lowest.
const tolerated = 0.005

// bestClassical is the classical policy with the lowest value over the whole run, among those that
// do not buy it with failures: error rate at most half a point above the lowest of them.
func bestClassical(rows []Row, value func(*Summary) float64) string {
	classical := simulate.ClassicalPolicies()
	fewest := math.Inf(1)
	for i := range rows {
		if slices.Contains(classical, rows[i].Policy) {
			fewest = min(fewest, rows[i].All.ErrorRate)
		}
	}
	best, lowest := "", math.Inf(1)
	for i := range rows {
		r := &rows[i]
		if slices.Contains(classical, r.Policy) && r.All.ErrorRate <= fewest+tolerated && value(&r.All) < lowest {
			best, lowest = r.Policy, value(&r.All)
		}
	}
	return best
}

func newRow(sc simulate.Scenario, policy string, runs []simulate.Result, ideal [][]float64) Row {
	label := sc.Name + "/" + policy
	row := Row{Scenario: sc.Name, Policy: policy, Seeds: len(runs)}
	row.All = overSeeds(runs, label+"/all", func(r *simulate.Result) *simulate.Stats { return &r.All })
	row.Cold = overSeeds(runs, label+"/cold", func(r *simulate.Result) *simulate.Stats { return &r.Cold })
	row.Warm = overSeeds(runs, label+"/warm", func(r *simulate.Result) *simulate.Stats { return &r.Warm })
	row.Seconds = meanSeconds(runs, len(sc.Servers))
	row.Curve = bands(runs)
	row.RegretS = regret(runs, ideal)
	for i := range runs {
		row.Tail.Add(&runs[i].Tail)
	}
	return row
}

func overSeeds(runs []simulate.Result, label string, part func(*simulate.Result) *simulate.Stats) Summary {
	over := func(value func(*simulate.Stats) float64) []float64 {
		values := make([]float64, len(runs))
		for i := range runs {
			values[i] = value(part(&runs[i]))
		}
		return values
	}
	means := over(func(s *simulate.Stats) float64 { return s.MeanMS })
	p99s := over(func(s *simulate.Stats) float64 { return s.P99MS })
	sum := Summary{
		Requests:  stats.Mean(over(func(s *simulate.Stats) float64 { return float64(s.Requests) })),
		MeanMS:    stats.Mean(means),
		P50MS:     stats.Mean(over(func(s *simulate.Stats) float64 { return s.P50MS })),
		P90MS:     stats.Mean(over(func(s *simulate.Stats) float64 { return s.P90MS })),
		P95MS:     stats.Mean(over(func(s *simulate.Stats) float64 { return s.P95MS })),
		P99MS:     stats.Mean(p99s),
		P999MS:    stats.Mean(over(func(s *simulate.Stats) float64 { return s.P999MS })),
		MaxMS:     stats.Mean(over(func(s *simulate.Stats) float64 { return s.MaxMS })),
		CV:        stats.Mean(over(func(s *simulate.Stats) float64 { return s.CV })),
		ErrorRate: stats.Mean(over(func(s *simulate.Stats) float64 { return s.ErrorRate })),
		MeanCI:    stats.Bootstrap(means, label+"/mean"),
		P99CI:     stats.Bootstrap(p99s, label+"/p99"),
	}
	for server := range part(&runs[0]).Share {
		sum.Share = append(sum.Share, stats.Mean(over(func(s *simulate.Stats) float64 { return s.Share[server] })))
	}
	return sum
}

func paired(baseline string, mine, theirs []simulate.Result, value func(*simulate.Stats) float64) Paired {
	p := Paired{Baseline: baseline}
	diffs := make([]float64, len(mine))
	for i := range mine {
		a, b := value(&mine[i].All), value(&theirs[i].All)
		diffs[i] = a - b
		p.BaseMS += b / float64(len(mine))
		if a < b {
			p.Wins++
		}
	}
	p.DiffMS = stats.Mean(diffs)
	p.CI = stats.Bootstrap(diffs, mine[0].Scenario+"/"+mine[0].Policy+"/"+baseline)
	if p.BaseMS > 0 {
		p.Percent = 100 * p.DiffMS / p.BaseMS
	}
	return p
}
