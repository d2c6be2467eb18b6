package metrics

import (
	"time"

	"slbtui/backends/fault"
)

// FaultSpan is a fault and when a server suffered it, since the run began.
type FaultSpan struct {
	Server   string
	Fault    fault.Fault
	From, To time.Duration
}

// FaultSpans reads the log of events, in order: which fault was in force when, by their beginnings. One
// without an end lasts until it is cleared, else until end. Faults of different kinds are in force side by
// side; one that sets all that is left of an earlier one ends that.
func FaultSpans(events []Event, end time.Duration) []FaultSpan {
	var spans []FaultSpan
	var left []fault.Fault // of each span: the kinds that nothing has replaced
	for i := range events {
		e := &events[i]
		if e.Fault == nil {
			continue
		}
		cleared := e.Fault.Fault == fault.Fault{}
		for k := range spans {
			if s := &spans[k]; e.Server == "" || e.Server == s.Server {
				if left[k] = without(left[k], e.Fault.Fault); cleared || left[k] == (fault.Fault{}) {
					s.To = min(s.To, e.At)
				}
			}
		}
		if len(e.Fault.Split()) == 0 {
			continue
		}
		s := FaultSpan{Server: e.Server, Fault: e.Fault.Fault, From: e.At, To: end}
		if e.Fault.For > 0 {
			s.To = min(end, e.At+e.Fault.For)
		}
		spans, left = append(spans, s), append(left, e.Fault.Fault)
	}
	return spans
}

// without returns f less the kinds that g sets.
func without(f, g fault.Fault) fault.Fault {
	for k := range fault.Kinds {
		if g.Has(k) {
			f.Take(k, fault.Fault{})
		}
	}
	return f
}
