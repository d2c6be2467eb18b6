package words

import (
	"cmp"
	"slices"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// Span is a part of the run.
type Span struct{ from, to time.Duration }

// FaultSpans says when some server was suffering an injected fault, as the events tell: in order,
// without overlaps. A fault without an end lasts until it is cleared or for ever.
func FaultSpans(events []live.Event, now time.Duration) []Span {
	var spans []Span
	for _, f := range metrics.FaultSpans(events, now) {
		spans = append(spans, Span{f.From, f.To})
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.from, b.from) })
	var merged []Span
	for _, s := range spans {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// FaultTime is how long faults were active during a phase.
func FaultTime(spans []Span, p *metrics.Phase) time.Duration {
	var sum time.Duration
	for _, s := range spans {
		sum += max(0, min(s.to, p.End)-max(s.from, p.Start))
	}
	return sum
}
