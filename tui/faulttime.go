package tui

import (
	"cmp"
	"slices"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// span is a part of the run.
type span struct{ from, to time.Duration }

// faultSpans says when some server was suffering an injected fault, as the events tell: in order,
// without overlaps. A fault without an end lasts until it is cleared or for ever.
func faultSpans(events []live.Event, now time.Duration) []span {
	var spans []span
	for _, f := range metrics.FaultSpans(events, now) {
		spans = append(spans, span{f.From, f.To})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var merged []span
	for _, s := range spans {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// faultTime is how long faults were active during a phase.
func faultTime(spans []span, p *metrics.Phase) time.Duration {
	var sum time.Duration
	for _, s := range spans {
		sum += max(0, min(s.to, p.End)-max(s.from, p.Start))
	}
	return sum
}
