package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// span is a part of the run.
type span struct{ from, to time.Duration }

// faultSpans says when some server was suffering an injected fault, as the events tell: in order,
// without overlaps. A fault without an end lasts until it is cleared or for ever.
func faultSpans(events []live.Event, now time.Duration) []span {
	active := map[string]span{}
	var spans []span
	for i := range events {
		e := &events[i]
		if e.Kind != "fault" || strings.HasSuffix(e.Text, " is over") { // known since it began
			continue
		}
		for id, s := range active {
			if e.Server == "" || e.Server == id { // cleared, or what follows takes over
				spans = append(spans, span{s.from, min(s.to, e.At)})
				delete(active, id)
			}
		}
		if e.Server != "" && !strings.HasSuffix(e.Text, "faults cleared") {
			active[e.Server] = span{e.At, faultEnd(e, now)}
		}
	}
	for _, s := range active {
		spans = append(spans, s)
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

// faultEnd reads the end of "server1: slow x5 for 20s".
func faultEnd(e *live.Event, now time.Duration) time.Duration {
	if i := strings.LastIndex(e.Text, " for "); i >= 0 {
		if d, err := time.ParseDuration(e.Text[i+len(" for "):]); err == nil && d > 0 {
			return min(e.At+d, now)
		}
	}
	return now
}

// faultTime is how long faults were active during a phase.
func faultTime(spans []span, p *metrics.Phase) time.Duration {
	var sum time.Duration
	for _, s := range spans {
		sum += max(0, min(s.to, p.End)-max(s.from, p.Start))
	}
	return sum
}
