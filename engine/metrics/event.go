package metrics

import (
	"sync"
	"time"
)

// Event is something that happened during a run, numbered from 1 without gaps.
type Event struct {
	Number uint64        `json:"number"`
	At     time.Duration `json:"at_ns"` // since the run began
	Kind   string        `json:"kind"`  // "policy", "param", "fault", "health", "load", "scenario", "engine", "warning"
	Server string        `json:"server,omitempty"`
	Text   string        `json:"text"`
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

// Add numbers and appends an event.
func (e *Events) Add(at time.Duration, kind, server, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last++
	ev := Event{Number: e.last, At: at, Kind: kind, Server: server, Text: text}
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
