package engine

import (
	"sync/atomic"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/routing"
)

const keptEvents = 2000

// journal knows when the run began and ended, how far it is, and what has happened in it. It is safe for
// concurrent use once the run has begun.
type journal struct {
	events *metrics.Events
	began  time.Time
	ended  atomic.Int64 // ns since began; 0 while running
	state  atomic.Pointer[live.RunState]
}

func newJournal() *journal {
	j := &journal{events: metrics.NewEvents(keptEvents)}
	j.enter(live.RunStarting)
	return j
}

// begin starts the clock. It comes before any other goroutine looks at it.
func (j *journal) begin() { j.began = time.Now() }

// end stops the clock.
func (j *journal) end() { j.ended.Store(int64(time.Since(j.began))) }

// enter says how far the run is.
func (j *journal) enter(state live.RunState) { j.state.Store(&state) }

// Now is the time since the run began, 0 before it.
func (j *journal) Now() time.Duration {
	if j.began.IsZero() {
		return 0
	}
	if end := j.ended.Load(); end > 0 {
		return time.Duration(end)
	}
	return time.Since(j.began)
}

// sinceBegan turns a time since 1970 into one since the run began.
func (j *journal) sinceBegan(at time.Duration) time.Duration {
	return time.Unix(0, int64(at)).Sub(j.began)
}

// Event tells of something that concerns no server in particular.
func (j *journal) Event(kind metrics.EventKind, text string) { j.eventAt(kind, "", text) }

// eventAt tells of something that concerns a server.
func (j *journal) eventAt(kind metrics.EventKind, server, text string) {
	j.events.Add(metrics.Event{At: j.Now(), Kind: kind, Server: server, Text: text})
}

// fault tells of a fault that begins, or with the zero fault that all are cleared.
func (j *journal) fault(server, text string, f fault.Span) {
	j.events.Add(metrics.Event{At: j.Now(), Kind: metrics.EventFault, Server: server, Text: text, Fault: &f})
}

// healthChanged tells of a server that went out of rotation or came back.
func (j *journal) healthChanged(c routing.Change) {
	text := c.Reason
	if c.ID != "" {
		text = c.ID + " is " + c.State.String() + ": " + text
	}
	j.eventAt(metrics.EventHealth, c.ID, text)
}
