package report

import (
	"strings"
	"time"

	"slbtui/engine/metrics"
)

// sessionFaults reads the spans of faults from the log of events: "server1: slow x5 for 10s" begins
// one that ends by itself, "server1: faults cleared" and "all faults cleared" end what is open, and
// the end of the session ends the rest. A new fault on the same server does not end an earlier one,
// since kinds of faults add up.
func sessionFaults(events []metrics.Event, endS float64) []FaultSpan {
	spans := []FaultSpan{}
	for _, e := range events {
		if e.Kind != "fault" || strings.HasSuffix(e.Text, " is over") { // known since it began
			continue
		}
		at := e.At.Seconds()
		if strings.HasSuffix(e.Text, "cleared") {
			for i, s := range spans {
				if e.Server == "" || e.Server == s.Server {
					spans[i].EndS = min(s.EndS, at)
				}
			}
			continue
		}
		span := FaultSpan{Server: e.Server, Kind: strings.TrimPrefix(e.Text, e.Server+": "), StartS: at, EndS: endS}
		if i := strings.LastIndex(span.Kind, " for "); i >= 0 {
			if d, err := time.ParseDuration(span.Kind[i+len(" for "):]); err == nil {
				span.Kind, span.EndS = span.Kind[:i], min(endS, at+d.Seconds())
			}
		}
		spans = append(spans, span)
	}
	return spans
}
