package experiment

import (
	"slices"
	"time"

	"slbtui/engine"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// In a scenario faults overlap: slowdowns multiply, delays add up, of error rates the worst counts.
// A real server knows one value of each kind at a time. So each kind is followed from change to
// change, and the engine is given the values.

// faultKinds separates the sum of what a server suffers into its kinds. A zero Fault is no suffering.
var faultKinds = []func(engine.Fault) engine.Fault{
	func(f engine.Fault) engine.Fault {
		if f.Slow == 1 {
			return engine.Fault{}
		}
		return engine.Fault{Slow: f.Slow}
	},
	func(f engine.Fault) engine.Fault { return engine.Fault{ErrorRate: f.ErrorRate} },
	func(f engine.Fault) engine.Fault { return engine.Fault{Delay: f.Delay} },
	func(f engine.Fault) engine.Fault { return engine.Fault{Stall: f.Stall} },
	func(f engine.Fault) engine.Fault { return engine.Fault{Crash: f.Crash} },
}

// plannedFaults turns a scenario's faults into those of the engine.
func plannedFaults(sc simulate.Scenario) []engine.PlannedFault {
	var planned []engine.PlannedFault
	for _, s := range sc.Servers {
		changes := []time.Duration{0}
		for _, f := range sc.Faults {
			if f.Server == s.ID {
				changes = append(changes, f.At)
				if f.For > 0 {
					changes = append(changes, f.At+f.For)
				}
			}
		}
		slices.Sort(changes)
		changes = slices.Compact(changes)
		for _, only := range faultKinds {
			planned = append(planned, follow(sc.Faults, s.ID, changes, only)...)
		}
	}
	slices.SortStableFunc(planned, func(a, b engine.PlannedFault) int { return int(a.At - b.At) })
	return planned
}

// follow returns the values of one kind of fault on one server. One that another follows lasts
// until then; the others have a length, or none.
func follow(faults []simulate.Fault, server string, changes []time.Duration, only func(engine.Fault) engine.Fault) []engine.PlannedFault {
	var planned []engine.PlannedFault
	var last engine.Fault
	for _, at := range changes {
		f := only(suffered(faults, server, at))
		if f == last {
			continue
		}
		if f == (engine.Fault{}) {
			p := &planned[len(planned)-1]
			p.For = at - p.At
		} else {
			planned = append(planned, engine.PlannedFault{At: at, SetFault: engine.SetFault{Server: server, Fault: f}})
		}
		last = f
	}
	return planned
}

// suffered is what a scenario's faults do to a server at a time.
func suffered(faults []simulate.Fault, server string, at time.Duration) engine.Fault {
	sum := engine.Fault{Slow: 1}
	for _, f := range faults {
		if f.Server != server || at < f.At || (f.For > 0 && at >= f.At+f.For) {
			continue
		}
		if f.Slow > 0 {
			sum.Slow *= f.Slow
		}
		sum.ErrorRate = max(sum.ErrorRate, f.Errors)
		sum.Delay += f.Delay
		sum.Stall = sum.Stall || f.Stall
		sum.Crash = sum.Crash || f.Crash
	}
	sum.Slow, sum.Delay = min(sum.Slow, 1000), min(sum.Delay, time.Minute)
	return sum
}

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
			Kind: engine.Fault{Slow: f.Slow, Delay: f.Delay, ErrorRate: f.Errors, Stall: f.Stall, Crash: f.Crash}.String(),
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
