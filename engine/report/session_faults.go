package report

import (
	"math"

	"slbtui/engine/metrics"
)

// sessionFaults is what was injected and when, as the log of events tells.
func sessionFaults(events []metrics.Event, endS float64) []FaultSpan {
	spans := []FaultSpan{}
	for _, s := range metrics.FaultSpans(events, math.MaxInt64) {
		spans = append(spans, FaultSpan{
			Server: s.Server, Kind: s.Fault.String(), StartS: s.From.Seconds(), EndS: min(s.To.Seconds(), endS),
		})
	}
	return spans
}
