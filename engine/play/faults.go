package play

import (
	"slices"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// In a scenario faults overlap: slowdowns multiply, delays add up, of error rates the worst counts.
// A real server knows one value of each kind at a time. So each kind is followed from change to
// change, and the engine is given the values.

// Plan turns a scenario's faults into those that a run injects, in order.
func Plan(sc simulate.Scenario) []Fault {
	var planned []Fault
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
		for k := range fault.Kinds {
			planned = append(planned, follow(sc.Faults, s.ID, changes, k)...)
		}
	}
	slices.SortStableFunc(planned, func(a, b Fault) int { return int(a.At - b.At) })
	return planned
}

// follow returns the values of one kind of fault on one server. One that another follows lasts
// until then; the others have a length, or none.
func follow(faults []simulate.Fault, server string, changes []time.Duration, k fault.Kind) []Fault {
	var planned []Fault
	var last fault.Fault
	for _, at := range changes {
		f := suffered(faults, server, at).Only(k)
		if f == last {
			continue
		}
		if f == (fault.Fault{}) {
			p := &planned[len(planned)-1]
			p.For = at - p.At
		} else {
			planned = append(planned, Fault{At: at, SetFault: live.SetFault{Server: server, Fault: f}})
		}
		last = f
	}
	return planned
}

// suffered is what a scenario's faults do to a server at a time.
func suffered(faults []simulate.Fault, server string, at time.Duration) fault.Fault {
	sum := fault.Fault{Slow: 1}
	for _, f := range faults {
		if f.Server != server || at < f.At || (f.For > 0 && at >= f.At+f.For) {
			continue
		}
		if f.Slow > 0 {
			sum.Slow *= f.Slow
		}
		sum.ErrorRate = max(sum.ErrorRate, f.ErrorRate)
		sum.Delay += f.Delay
		sum.Stall = sum.Stall || f.Stall
		sum.Crash = sum.Crash || f.Crash
	}
	sum.Slow, sum.Delay = min(sum.Slow, fault.MaxSlow), min(sum.Delay, fault.MaxDelay)
	return sum
}
