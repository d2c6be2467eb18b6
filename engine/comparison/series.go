package comparison

import (
	"slices"
	"time"

	"slbtui/engine/simulate"
	"slbtui/engine/stats"
)

// meanSeconds averages the seconds of all runs; latencies over the runs in which some request of
// that second succeeded.
func meanSeconds(runs []simulate.Result, servers int) []simulate.Second {
	seconds := make([]simulate.Second, len(runs[0].Seconds))
	n := float64(len(runs))
	for i := range seconds {
		s := &seconds[i]
		s.Share = make([]float64, servers)
		requests, failures, measured := 0, 0, 0
		for r := range runs {
			one := &runs[r].Seconds[i]
			requests += one.Requests
			failures += one.Failures
			if one.Requests > one.Failures {
				measured++
			}
			s.MeanMS += one.MeanMS
			s.P95MS += one.P95MS
			s.CostMS += one.CostMS / n
			for k, share := range one.Share {
				s.Share[k] += share / n
			}
		}
		s.MeanMS /= float64(max(1, measured))
		s.P95MS /= float64(max(1, measured))
		s.Requests, s.Failures = requests/len(runs), failures/len(runs)
	}
	return seconds
}

// bands takes the quartiles over the runs of each point of their curves.
func bands(runs []simulate.Result) []Band {
	points := len(runs[0].Curve)
	for _, r := range runs {
		points = min(points, len(r.Curve))
	}
	curve := make([]Band, points)
	values := make([]float64, len(runs))
	for i := range curve {
		for r := range runs {
			values[r] = runs[r].Curve[i]
		}
		slices.Sort(values)
		curve[i] = Band{stats.Quantile(values, 0.25), stats.Quantile(values, 0.5), stats.Quantile(values, 0.75)}
	}
	return curve
}

// cheapest returns, by seed and second, the cost of the clairvoyant that cost least over the whole
// run of that seed.
func cheapest(policies []string, results [][]simulate.Result) [][]float64 {
	var best [][]float64
	for i, policy := range policies {
		if policy != simulate.GreedyClairvoyant && policy != simulate.SocialClairvoyant {
			continue
		}
		if best == nil {
			best = make([][]float64, len(results[i]))
		}
		for seed := range results[i] {
			costs := costs(&results[i][seed])
			if best[seed] == nil || total(costs) < total(best[seed]) {
				best[seed] = costs
			}
		}
	}
	return best
}

// regret is the cost of a run minus that of the cheaper clairvoyant on the same trace, summed over
// the requests due until the end of each second, in seconds; the mean over the seeds. A request
// costs its latency, a failed one FailureCostMS. It can be negative: the clairvoyants know the
// present, not the future, and neither is optimal.
func regret(runs []simulate.Result, ideal [][]float64) []float64 {
	out := make([]float64, len(runs[0].Seconds))
	for seed := range runs {
		sum := 0.0
		for i, cost := range costs(&runs[seed]) {
			sum += cost - ideal[seed][i]
			out[i] += sum / 1000 / float64(len(runs))
		}
	}
	return out
}

func costs(r *simulate.Result) []float64 {
	c := make([]float64, len(r.Seconds))
	for i := range c {
		c[i] = r.Seconds[i].CostMS
	}
	return c
}

func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

// changes lists when faults begin or end within the scenario.
func changes(sc simulate.Scenario) []float64 {
	var at []float64
	for _, f := range sc.Faults {
		for _, t := range []time.Duration{f.At, f.End()} {
			if t > 0 && t < sc.Duration {
				at = append(at, t.Seconds())
			}
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// abandoned is the share below which a faulty server counts as found out.
const abandoned = 0.10

// DetectS is how long after the fault began the faulty server's share of a second's requests first
// was below a tenth, and RecoverS how long after its end the share was first again above half of
// what it was before; both in seconds, by the mean over the seeds, -1 when it never happened.
func (r *Row) DetectS(f simulate.Lone) float64 {
	for i, s := range r.Seconds {
		if at := time.Duration(i) * time.Second; at >= f.From && at < f.To && s.Share[f.Server] < abandoned {
			return (at - f.From).Seconds()
		}
	}
	return -1
}

// RecoverS is described at DetectS. A fault that was there from the start or stays has no recovery.
func (r *Row) RecoverS(f simulate.Lone) float64 {
	before, n := 0.0, 0
	for i := 0; i < int(f.From/time.Second); i++ {
		before += r.Seconds[i].Share[f.Server]
		n++
	}
	if n == 0 {
		return -1
	}
	for i, s := range r.Seconds {
		if at := time.Duration(i) * time.Second; at >= f.To && s.Share[f.Server] > before/float64(n)/2 {
			return (at - f.To).Seconds()
		}
	}
	return -1
}
