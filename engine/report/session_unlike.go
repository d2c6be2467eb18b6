package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"slbtui/engine/metrics"
	"slbtui/engine/summary"
)

// How much two policies of a session may differ in what they met, and still be compared. The console's own
// comparison has the same limits.
const (
	unlikeFaults = 0.1  // of the share of their time in which some server suffered a fault
	unlikeLoad   = 1.25 // as a ratio of their rates
)

// unlike says why two policies of a session cannot be compared: the load stood still, or they met unlike faults, or unlike
// load. It is empty when they can. Phases that are not kept any more are taken to be like those that are.
func unlike(r summary.Run, spans []FaultSpan, policy, base metrics.PolicyTotal) string {
	if why := stoodStill(r.Phases, policy, base); why != "" {
		return why
	}
	mine, mineOf := faultTime(r.Phases, spans, policy.Policy)
	theirs, theirsOf := faultTime(r.Phases, spans, base.Policy)
	if math.Abs(mine/max(1e-9, mineOf)-theirs/max(1e-9, theirsOf)) > unlikeFaults {
		return fmt.Sprintf("faults differ (%.0f of %.0f s, not %.0f of %.0f s)", mine, mineOf, theirs, theirsOf)
	}
	if a, b := rateOf(policy), rateOf(base); max(a, b) > unlikeLoad*min(a, b) {
		return fmt.Sprintf("load differs (%.0f requests/s, not %.0f)", a, b)
	}
	return ""
}

// stoodStill names the first phase of two policies in which the load stood still; it is empty when there is none.
func stoodStill(phases []metrics.Phase, policy, base metrics.PolicyTotal) string {
	for _, p := range phases {
		if p.StoodStill > 0 && (p.Policy == policy.Policy || p.Policy == base.Policy) {
			return fmt.Sprintf("phase %d stood still for %.0f s", p.Number, p.StoodStill.Seconds())
		}
	}
	return ""
}

// rateOf is the mean rate of answers while a policy routed, in requests a second.
func rateOf(p metrics.PolicyTotal) float64 {
	return float64(p.Summary.Requests) / max(1, p.Summary.ElapsedS)
}

// faultTime is for how many of the seconds in which a policy routed some server suffered a fault.
func faultTime(phases []metrics.Phase, spans []FaultSpan, policy string) (suffered, of float64) {
	spans = merged(spans)
	for _, p := range phases {
		if p.Policy != policy {
			continue
		}
		from, to := p.Start.Seconds(), p.End.Seconds()
		of += to - from
		for _, s := range spans {
			suffered += max(0, min(s.EndS, to)-max(s.StartS, from))
		}
	}
	return suffered, of
}

// merged is when some fault was in force, without overlaps and in order. Of a span only its times are kept.
func merged(spans []FaultSpan) (out []FaultSpan) {
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b FaultSpan) int { return cmp.Compare(a.StartS, b.StartS) })
	for _, s := range sorted {
		if n := len(out); n > 0 && s.StartS <= out[n-1].EndS {
			out[n-1].EndS = max(out[n-1].EndS, s.EndS)
			continue
		}
		out = append(out, FaultSpan{StartS: s.StartS, EndS: s.EndS})
	}
	return out
}
