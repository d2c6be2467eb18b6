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
	Kind   string        `json:"kind"`  // "policy", "param", "fault", "health", "load", "scenario", "engine", "warning"
	Server string        `json:"server,omitempty"`
	Text   string        `json:"text"`
	// Fault is what begins where an event of kind "fault" tells of a beginning, and the zero one where it
	// tells that all is cleared: of Server or, where that is empty, of all. Else it is nil, as in an event
	// that tells of an end which was known since the beginning.
	Fault *fault.Span `json:"fault,omitempty"`
}

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
