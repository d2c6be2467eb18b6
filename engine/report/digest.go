package report

import (
	"fmt"
	"io"
	"strings"

	"slbtui/engine/metrics"
	"slbtui/engine/summary"
	"slbtui/routing/policy"
)

const digestPhases = 5

// Digest writes the run in about ten lines of at most eighty columns, for the terminal one returns to.
// A long name of the folder is left whole.
func Digest(w io.Writer, r summary.Run, folder string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "run of %.0f s, seed %d\n", r.ElapsedS, r.Seed)
	if len(r.Phases) > digestPhases {
		fmt.Fprintf(&b, "  the last %d of %d phases:\n", digestPhases, len(r.Phases)+r.EarlierPhases)
	}
	if len(r.Phases) > 0 {
		fmt.Fprintf(&b, "  %-31s %8s %7s %7s %7s %4s %7s\n", "phase and its seconds, ms", "requests", "mean", "p95", "p99", "CV", "ok")
	}
	for _, p := range r.Phases[max(0, len(r.Phases)-digestPhases):] {
		s := p.Summary
		fmt.Fprintf(&b, "  %-31.31s %8d %7s %7s %7s %4.2f %6.2f%%\n",
			digestName(p), s.Requests, latency(s, s.MeanMS), latency(s, s.P95MS), latency(s, s.P99MS), s.CV, 100*s.SuccessRate)
	}
	if line := improvement(r); line != "" {
		b.WriteString("  " + line + "\n")
	}
	if r.Load != nil && r.Load.Lagging {
		b.WriteString("  the load generator sent more than one request in a hundred over 20 ms late: these latencies are not to be trusted\n")
	}
	if r.Load != nil && r.Load.Thinned() {
		fmt.Fprintf(&b, "  %d of %d requests were not sent, as too many were in flight: these\n  latencies are not to be trusted\n", r.Load.Dropped, r.Load.Scheduled)
	}
	if folder != "" {
		fmt.Fprintf(&b, "  summary in %s\n", folder)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// digestName is phaseName for a line of eighty columns.
func digestName(p metrics.Phase) string {
	name := fmt.Sprintf("%d %s %.0f-%.0f", p.Number, p.Policy, p.Start.Seconds(), p.End.Seconds())
	if p.WarmStart {
		name += " warm"
	}
	if p.StoodStill > 0 {
		name += " stood"
	}
	return name
}

// improvement compares the learner that routed most with round robin, if both did. Without a percentage where they met
// unlike things: it would compare days and not policies.
func improvement(r summary.Run) string {
	var rr, rl *metrics.PolicyTotal
	for i, p := range r.Policies {
		switch {
		case p.Summary.MeanMS == 0:
		case p.Policy == policy.Baseline:
			rr = &r.Policies[i]
		case p.Learner && (rl == nil || p.Summary.Requests > rl.Summary.Requests):
			rl = &r.Policies[i]
		}
	}
	if rr == nil || rl == nil {
		return ""
	}
	if why := stoodStill(r.Phases, *rl, *rr); why != "" {
		return fmt.Sprintf("%s against %s: not comparable, %s", rl.Policy, policy.Baseline, why)
	}
	if why := unlike(r, sessionFaults(r.Events, r.ElapsedS), *rl, *rr); why != "" {
		return fmt.Sprintf("%s against %s: %s", rl.Policy, policy.Baseline, why)
	}
	return fmt.Sprintf("%s against %s: mean %+.1f %%", rl.Policy, policy.Baseline, 100*(rl.Summary.MeanMS/rr.Summary.MeanMS-1))
}
