package report

import (
	"fmt"
	"io"
	"strings"

	"slbtui/engine/metrics"
)

const digestPhases = 5

// Digest writes the run in about ten lines, for the terminal one returns to.
func Digest(w io.Writer, r Run, folder string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "run of %.0f s, seed %d\n", r.ElapsedS, r.Seed)
	if len(r.Phases) > digestPhases {
		fmt.Fprintf(&b, "  the last %d of %d phases:\n", digestPhases, len(r.Phases)+r.EarlierPhases)
	}
	for _, p := range r.Phases[max(0, len(r.Phases)-digestPhases):] {
		s := p.Summary
		fmt.Fprintf(&b, "  %-32s %6d requests  mean %6.1f ms  p95 %6.1f  p99 %6.1f  CV %.2f  ok %.2f %%\n",
			phaseName(p), s.Requests, s.MeanMS, s.P95MS, s.P99MS, s.CV, 100*s.SuccessRate)
	}
	if line := improvement(r.Policies); line != "" {
		b.WriteString("  " + line + "\n")
	}
	if r.Load != nil && r.Load.Lagging {
		b.WriteString("  the load generator lagged: these latencies are not to be trusted\n")
	}
	if folder != "" {
		fmt.Fprintf(&b, "  summary in %s\n", folder)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// improvement compares the learner that routed most with round robin, if both did.
func improvement(policies []metrics.PolicyTotal) string {
	var rr, rl *metrics.PolicyTotal
	for i, p := range policies {
		switch {
		case p.Summary.MeanMS == 0:
		case p.Policy == "round_robin":
			rr = &policies[i]
		case p.Learner && (rl == nil || p.Summary.Requests > rl.Summary.Requests):
			rl = &policies[i]
		}
	}
	if rr == nil || rl == nil {
		return ""
	}
	change := 100 * (rl.Summary.MeanMS/rr.Summary.MeanMS - 1)
	return fmt.Sprintf("%s against round_robin: mean %+.1f %%", rl.Policy, change)
}
