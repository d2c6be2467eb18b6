package experiment

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
	"slbtui/engine/summary"
	"slbtui/loadgen"
	"slbtui/routing/policy"
)

// compare makes the result of what was finished.
func (x *experiment) compare() report.Comparison {
	runs, repetitions := x.usable()
	names := x.plan.Contestants()
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return len(runs[name]) == 0 })
	c := report.Comparison{
		Tool: "slbtui", Version: x.plan.Version, Kind: report.KindExperiment, Command: x.plan.Command,
		Environment: report.ThisEnvironment(), Started: x.began, ElapsedS: time.Since(x.began).Seconds(),
		Scenario: x.plan.Scenario.Name, Servers: x.servers(), Policies: names,
		Repetitions: repetitions, Planned: x.plan.Repetitions,
		RatePerS: x.plan.Scenario.MeanRate(), MeasuredAt: summary.AtClient, Invalid: []string{},
		Strategies: map[string]report.PolicyResult{}, Improvement: map[string]report.Improvement{}, Config: x.plan.config().Values(),
	}
	var end time.Duration
	for _, of := range runs {
		for _, r := range of {
			end = max(end, r.length)
		}
	}
	for _, r := range runs[names[0]] {
		c.Seeds = append(c.Seeds, r.seed)
	}
	c.Requests = uint64(len(runs[names[0]][0].trace))
	c.Faults = spans(x.plan.Scenario, end)
	for _, name := range names {
		c.Strategies[name] = x.result(name, runs[name], end)
		c.Invalid = append(c.Invalid, distrust(name, runs[name])...)
	}
	if base := x.plan.baseline(); len(runs[base]) > 0 {
		c.Baseline = base
		for _, name := range names {
			if name != base {
				c.Improvement[name] = improvement(c.Strategies, base, name, runs)
			}
		}
	}
	if x.plan.URL != "" {
		c.Notes = append(c.Notes, sameServers)
	}
	if x.stopped != "" {
		c.Notes = append(c.Notes, x.stopped+": what was unfinished is left out")
	}
	c.Notes = append(c.Notes, fmt.Sprintf("load, balancer and servers shared %d cores of one machine", runtime.GOMAXPROCS(0)))
	return c
}

// sameServers says what a comparison with a balancer elsewhere lacks, and how to have it.
const sameServers = "outside met the same arrivals as the others, but in front of its own servers: the difference is that of both together. " +
	"For the same servers: run slbtui backends, put each balancer in front of them in turn (ours is slbtui serve --policy NAME --upstream ...), " +
	"and give each as --url with the same --seed"

// usable returns the runs to compare, by contestant and repetition, and how many repetitions are
// whole. A repetition that is not whole would give some a trace that others did not meet, so it
// counts only if there is no other.
func (x *experiment) usable() (runs map[string][]*contest, whole int) {
	whole = len(x.finished) / len(x.plan.Contestants())
	runs = map[string][]*contest{}
	for _, c := range x.finished {
		if c.repetition < max(1, whole) {
			runs[c.name] = append(runs[c.name], c)
		}
	}
	return runs, whole
}

func (x *experiment) servers() []report.Server {
	out := make([]report.Server, 0, len(x.plan.Scenario.Servers))
	for _, s := range x.plan.Scenario.Servers {
		out = append(out, report.Server{ID: s.ID, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers})
	}
	return out
}

// result sums up a contestant.
func (x *experiment) result(name string, runs []*contest, end time.Duration) report.PolicyResult {
	servers := len(x.plan.Scenario.Servers)
	whole, first, rest := parts(runs, (*contest).whole), parts(runs, (*contest).cold), parts(runs, (*contest).warm)
	r := report.PolicyResult{
		Policy: name, Learner: learns(name), Outside: name == Outside, Summary: summarise(whole),
		ByServer: map[string]uint64{}, Windows: cutWindows(runs, end), LearningCurve: learningCurve(runs),
		Timeline: timeline(runs, end, servers), CCDF: ccdf(runs), Lag: lag(runs),
	}
	coldSum, warmSum := summarise(first), summarise(rest)
	r.Cold, r.Warm = &coldSum, &warmSum
	all, warm := cut(whole), cut(rest)
	r.MeanCI, r.P99CI = all.MeanInterval(name+"/mean"), all.P99Interval(name+"/p99")
	r.WarmMeanCI, r.WarmP99CI = warm.MeanInterval(name+"/warm/mean"), warm.P99Interval(name+"/warm/p99")
	for _, c := range runs {
		for i := range c.outcomes {
			if s := c.outcomes[i].server; c.outcomes[i].answered && s >= 0 {
				r.ByServer[c.servers[s]]++
			}
		}
		one, oneCold, oneWarm := summarise([]part{c.whole()}), summarise([]part{c.cold()}), summarise([]part{c.warm()})
		r.Runs = append(r.Runs, report.RunResult{
			Number: c.repetition + 1, Order: c.order + 1, Seed: c.seed,
			StartS: c.start.Seconds(), EndS: (c.start + c.length).Seconds(),
			Summary: one, Cold: &oneCold, Warm: &oneWarm, Lag: lag([]*contest{c}),
		})
	}
	return r
}

func parts(runs []*contest, of func(*contest) part) []part {
	out := make([]part, len(runs))
	for i, c := range runs {
		out[i] = of(c)
	}
	return out
}

func learns(name string) bool {
	return policy.CheckLearner(name) == nil
}

// improvement is what a contestant gained over the baseline in the repetitions that both finished.
func improvement(results map[string]report.PolicyResult, base, name string, runs map[string][]*contest) report.Improvement {
	both := min(len(runs[base]), len(runs[name]))
	mine, theirs := runs[name][:both], runs[base][:both]
	pair := func(of func(*contest) part, label string) *report.PairedDifference {
		return paired(parts(mine, of), parts(theirs, of), name+"/"+base+"/"+label)
	}
	i := report.Improve(results[base], results[name])
	if name == Outside || base == Outside {
		return i // other servers: a pair would say nothing of the policies
	}
	i.All, i.Cold, i.Warm = pair((*contest).whole, "all"), pair((*contest).cold, "cold"), pair((*contest).warm, "warm")
	return i
}

// distrust says why runs are not to be trusted.
func distrust(name string, runs []*contest) (why []string) {
	for _, c := range runs {
		l := lag([]*contest{c})
		if c.stood > 0 {
			why = append(why, fmt.Sprintf("%s, repetition %d: the load stood still for %.1f s, as the process was stopped or starved: %d requests due in it were not sent",
				name, c.repetition+1, c.stood.Seconds(), c.missed))
		}
		if l.P99MS > ms(loadgen.LagThreshold) {
			why = append(why, fmt.Sprintf("%s, repetition %d: the load generator sent requests %.0f ms late (99th percentile; %.0f ms are tolerated): the machine was too busy to measure",
				name, c.repetition+1, l.P99MS, ms(loadgen.LagThreshold)))
		}
		if l.Dropped > 0 {
			why = append(why, fmt.Sprintf("%s, repetition %d: %d requests were not sent, as too many were in flight: raise traffic.max_in_flight, or lower the rate",
				name, c.repetition+1, l.Dropped))
		}
	}
	return why
}

// due is when each request of a trace is due.
func due(trace []simulate.Request) []time.Duration {
	at := make([]time.Duration, len(trace))
	for i := range trace {
		at[i] = trace[i].Due
	}
	return at
}
