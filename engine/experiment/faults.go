package experiment

import (
	"slices"
	"time"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// spans tells a report when which fault was in force.
func spans(sc simulate.Scenario, end time.Duration) []report.FaultSpan {
	out := make([]report.FaultSpan, 0, len(sc.Faults))
	for _, f := range sc.Faults {
		until := end
		if f.For > 0 {
			until = min(end, f.At+f.For)
		}
		if f.At >= end {
			continue
		}
		out = append(out, report.FaultSpan{
			Server: f.Server, StartS: f.At.Seconds(), EndS: until.Seconds(),
			Kind: f.String(),
		})
	}
	slices.SortStableFunc(out, func(a, b report.FaultSpan) int {
		switch {
		case a.StartS < b.StartS:
			return -1
		case a.StartS > b.StartS:
			return 1
		}
		return 0
	})
	return out
}
