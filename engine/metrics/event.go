package metrics

import (
	"sync"
	"time"

	"slbtui/backends/fault"
)

// Event is something that happened during a run, numbered from 1 without gaps.
type Event struct {
	Number uint64        `json:"number"`
	At     time.Duration `json:"at_ns"` // since the run began
	Kind   EventKind     `json:"kind"`
	Server string        `json:"server,omitempty"`
	Text   string        `json:"text"`
	// Fault is what begins where an event of kind EventFault tells of a beginning, and the zero one where it
	// tells that all is cleared: of Server or, where that is empty, of all. Else it is nil, as in an event
	// that tells of an end which was known since the beginning.
	Fault *fault.Span `json:"fault,omitempty"`
}

// EventKind is what an event is about.
type EventKind string

// The kinds of events.
const (
	EventPolicy   EventKind = "policy"   // who routes, and who is the learner
	EventParam    EventKind = "param"    // a learner was tuned, or forgot
	EventLoad     EventKind = "load"     // the built-in load changed, or is over
	EventFault    EventKind = "fault"    // a fault begins or ends
	EventScenario EventKind = "scenario" // a scenario begins or ends
	EventHealth   EventKind = "health"   // a server goes out of rotation or comes back
	EventConfig   EventKind = "config"   // a new configuration or certificate is in force
	EventServers  EventKind = "servers"  // servers were found, or are gone
	EventEngine   EventKind = "engine"   // the run itself: its beginning, its end, its files
	EventOperator EventKind = "operator" // who asked for what at the admin listener
	EventSteer    EventKind = "steer"    // a balancer elsewhere is steered: weights, and how it is
	EventWarning  EventKind = "warning"  // something a person should look at
)

// Events keeps the newest events of a run. Older ones are dropped; the numbers show how many.
// It is safe for concurrent use and never blocks for long.
type Events struct {
	mu   sync.Mutex
	keep int
	last uint64
	ring []Event
}

// NewEvents returns a log that keeps the newest keep events, at least one.
func NewEvents(keep int) *Events {
	return &Events{keep: max(1, keep)}
}

// Add numbers and appends an event; its Number is not looked at.
func (e *Events) Add(ev Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last++
	ev.Number = e.last
	if len(e.ring) < e.keep {
		e.ring = append(e.ring, ev)
		return
	}
	e.ring[(e.last-1)%uint64(e.keep)] = ev
}

// Latest returns a copy of the newest events, at most limit, oldest first.
func (e *Events) Latest(limit int) []Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(limit, len(e.ring))
	out := make([]Event, 0, n)
	for number := e.last - uint64(n) + 1; number <= e.last; number++ {
		out = append(out, e.ring[(number-1)%uint64(e.keep)])
	}
	return out
}
