package report

import (
	"fmt"
	"slices"

	"slbtui/engine/metrics"
	"slbtui/engine/summary"
	"slbtui/routing/policy"
)

const (
	sessionWindows  = 24 // equal parts of a session
	sessionLearning = 20 // equal parts of the requests of a policy
)

// Session lays out a run of the engine, policy by policy, so that the console's export has the same
// files as an experiment. What happened before r.Seconds is in the sums, but in no series. Phases met
// different work, so there are no intervals, no pairs and no regret.
func Session(r summary.Run) Comparison {
	c := Comparison{
		Tool: r.Tool, Version: r.Version, Kind: KindSession, Environment: ThisEnvironment(), Started: r.Started, ElapsedS: r.ElapsedS,
		Seeds: []uint64{r.Seed}, MeasuredAt: r.MeasuredAt, Invalid: []string{}, Faults: sessionFaults(r.Events, r.ElapsedS),
		Strategies: map[string]PolicyResult{}, Improvement: map[string]Improvement{}, Config: r.Config,
	}
	c.Environment.Go = r.Go
	for _, s := range r.Servers {
		c.Servers = append(c.Servers, Server{ID: s.ID})
	}
	policyOf := map[int]string{}
	for _, p := range r.Phases {
		policyOf[p.Number] = p.Policy
	}
	for _, p := range r.Policies {
		mine := &sessionSeries{policy: p.Policy, policyOf: policyOf, seconds: r.Seconds}
		c.Policies = append(c.Policies, p.Policy)
		c.Strategies[p.Policy] = PolicyResult{
			Policy: p.Policy, Learner: p.Learner, Summary: p.Summary, ByServer: p.ByServer, Runs: sessionRuns(r, p.Policy),
			Windows: mine.windows(), LearningCurve: mine.learning(), Timeline: mine.timeline(), CCDF: sessionTail(p.Tail),
			Lag: sessionLag(r.Load),
		}
	}
	c.compareSession(r)
	if l := r.Load; l != nil {
		c.Notes = append(c.Notes, fmt.Sprintf("Load: %d requests due, %d sent, %d failed, %d dropped; sent late by %.2f ms at p99.", l.Scheduled, l.Sent, l.Failed, l.Dropped, l.LagP99MS))
		if l.Lagging {
			c.Invalid = append(c.Invalid, "the load generator lagged")
		}
		if l.Thinned() {
			c.Invalid = append(c.Invalid, "more than one request in a hundred was not sent, as too many were in flight")
		}
	}
	if r.EarlierPhases > 0 {
		c.Notes = append(c.Notes, fmt.Sprintf("%d earlier phases are in the sums of their policies, but not listed.", r.EarlierPhases))
	}
	if len(r.Seconds) > 0 && r.Seconds[0].At.Seconds() > 1.5 {
		c.Notes = append(c.Notes, fmt.Sprintf("The series begin at %.0f s: older seconds are in the sums only.", r.Seconds[0].At.Seconds()-1))
	}
	return c
}

// compareSession compares every policy with round robin, where both met about the same.
func (c *Comparison) compareSession(r summary.Run) {
	at := slices.IndexFunc(r.Policies, func(p metrics.PolicyTotal) bool { return p.Policy == policy.Baseline && p.Summary.MeanMS > 0 })
	if at < 0 {
		return
	}
	c.Baseline = policy.Baseline
	for _, p := range r.Policies {
		if p.Policy == policy.Baseline || p.Summary.MeanMS <= 0 {
			continue
		}
		if why := unlike(r, c.Faults, p, r.Policies[at]); why != "" {
			if c.Incomparable == nil {
				c.Incomparable = map[string]string{}
			}
			c.Incomparable[p.Policy] = why
			continue
		}
		c.Improvement[p.Policy] = Improve(c.Strategies[policy.Baseline], c.Strategies[p.Policy])
	}
}

func sessionTail(tail []metrics.TailPoint) []CCDFPoint {
	out := make([]CCDFPoint, len(tail))
	for i, p := range tail {
		out[i] = CCDFPoint{LatencyMS: p.LatencyMS, Slower: p.Slower}
	}
	return out
}

// sessionLag is that of the whole run: the load does not count by policy.
func sessionLag(l *summary.Load) Lag {
	if l == nil {
		return Lag{}
	}
	return Lag{P99MS: l.LagP99MS, MaxMS: l.LagMaxMS, Dropped: l.Dropped, Lagged: l.Lagging}
}

func sessionRuns(r summary.Run, policy string) []RunResult {
	var out []RunResult
	for _, p := range r.Phases {
		if p.Policy == policy {
			out = append(out, RunResult{
				Number: p.Number, Order: p.Number, Seed: r.Seed, StartS: p.Start.Seconds(), EndS: p.End.Seconds(),
				Warmed: p.WarmStart, Summary: p.Summary, Lag: sessionLag(r.Load),
			})
		}
	}
	return out
}
