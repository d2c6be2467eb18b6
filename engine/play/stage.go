// Package play makes things happen to a run: scenarios with their load and faults, faults at planned times, and
// the word when one has ended by itself. What it does it does to a Stage; it knows neither servers nor
// sockets, and has no goroutine: its timers are read by whoever owns the Player.
package play

import (
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/loadgen"
)

// Stage is a run as far as a scenario can touch it.
type Stage interface {
	// Now is the time since the run began.
	Now() time.Duration
	// Ready says why no scenario can begin now.
	Ready() error
	// Rate is the offered rate in requests/s.
	Rate() float64
	SetRate(rate float64) error
	// SetShape gives the load a shape over time; nil takes it away.
	SetShape(shape loadgen.Shape) error
	// Faults is what each server suffers now, one kind at a time; nil for one that is not ours.
	Faults() [][]fault.Span
	SetFault(live.SetFault) error
	// ClearFaults heals a server, or ("") all.
	ClearFaults(server string) error
	// Event leaves an event in the log of the run.
	Event(kind metrics.EventKind, text string)
}
