package words

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// Span is a part of the run.
type Span struct{ from, to time.Duration }

// FaultSpans says when some server was suffering an injected fault, as the events tell: in order,
// without overlaps. A fault without an end lasts until it is cleared or for ever.
func FaultSpans(events []live.Event, now time.Duration) []Span {
	active := map[string]Span{}
	var spans []Span
	for i := range events {
		e := &events[i]
		if e.Kind != "fault" || strings.HasSuffix(e.Text, " is over") { // known since it began
			continue
		}
		for id, s := range active {
			if e.Server == "" || e.Server == id { // cleared, or what follows takes over
				spans = append(spans, Span{s.from, min(s.to, e.At)})
				delete(active, id)
			}
		}
		if e.Server != "" && !strings.HasSuffix(e.Text, "faults cleared") {
			active[e.Server] = Span{e.At, faultEnd(e, now)}
		}
	}
	for _, s := range active {
		spans = append(spans, s)
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

// faultEnd reads the end of "server1: slow x5 for 20s".
func faultEnd(e *live.Event, now time.Duration) time.Duration {
	if i := strings.LastIndex(e.Text, " for "); i >= 0 {
		if d, err := time.ParseDuration(e.Text[i+len(" for "):]); err == nil && d > 0 {
			return min(e.At+d, now)
		}
	}
	return now
}

// FaultTime is how long faults were active during a phase.
func FaultTime(spans []Span, p *metrics.Phase) time.Duration {
	var sum time.Duration
	for _, s := range spans {
		sum += max(0, min(s.to, p.End)-max(s.from, p.Start))
	}
	return sum
}
