package engine

import (
	"slices"
	"time"

	"slbtui/backends/fault"
)

// faultEnds knows which faults end by themselves, so that the log of events tells when they did.
// Only the control goroutine touches it once the engine runs.
type faultEnds struct {
	timer *time.Timer // the first end
	due   []faultEnd
}

// faultEnd is the end of one kind of fault.
type faultEnd struct {
	at     time.Time
	server string
	fault  fault.Fault
}

// forget drops the ends of a server's faults of the kinds that f sets.
func (x *faultEnds) forget(server string, f fault.Fault) {
	x.due = slices.DeleteFunc(x.due, func(d faultEnd) bool { return d.server == server && f.Shares(d.fault) })
}

// expectEnd remembers that f, which has just been injected, ends by itself, if it does. Each kind of it
// takes the place of an earlier one.
func (e *Engine) expectEnd(server string, f fault.Span) {
	e.ends.forget(server, f.Fault)
	for _, one := range f.Split() {
		if f.For > 0 {
			e.ends.due = append(e.ends.due, faultEnd{time.Now().Add(f.For), server, one})
		}
	}
	e.awaitEnd()
}

// forgetEnds drops the ends of faults that have been cleared: of one server, or ("") of all.
func (e *Engine) forgetEnds(server string) {
	e.ends.due = slices.DeleteFunc(e.ends.due, func(d faultEnd) bool { return server == "" || d.server == server })
	e.awaitEnd()
}

// announceEnds leaves an event for each fault whose time is over.
func (e *Engine) announceEnds() {
	now := time.Now()
	e.ends.due = slices.DeleteFunc(e.ends.due, func(d faultEnd) bool {
		over := !now.Before(d.at)
		if over {
			e.event("fault", d.server, d.server+": "+d.fault.String()+" is over")
		}
		return over
	})
	e.awaitEnd()
}

// awaitEnd sets the timer for the first end.
func (e *Engine) awaitEnd() {
	if e.ends.timer == nil {
		return // the control goroutine, not yet running, will
	}
	e.ends.timer.Stop()
	if len(e.ends.due) > 0 {
		first := slices.MinFunc(e.ends.due, func(a, b faultEnd) int { return a.at.Compare(b.at) })
		e.ends.timer.Reset(time.Until(first.at))
	}
}
