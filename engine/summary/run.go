// Package summary is what a run of the engine was, as plain data with names as JSON. It writes nothing: files
// and charts of it are report's.
package summary

import (
	"time"

	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

// Run is the summary of one run of the engine: what run_summary.json holds.
type Run struct {
	Tool    string    `json:"tool"`
	Version string    `json:"version"`
	Go      string    `json:"go"`
	Seed    uint64    `json:"seed"`
	Started time.Time `json:"started"`
	// ElapsedS is the length of the run in seconds.
	ElapsedS float64 `json:"elapsed_seconds"`
	Listen   string  `json:"listen"`
	// MeasuredAt tells where latencies were taken.
	MeasuredAt    Place                 `json:"measured_at"`
	Policies      []metrics.PolicyTotal `json:"policies"`
	Phases        []metrics.Phase       `json:"phases"`
	EarlierPhases int                   `json:"earlier_phases_not_kept"`
	Servers       []metrics.ServerTotal `json:"servers"`
	Load          *Load                 `json:"load,omitempty"`
	Learners      []Learner             `json:"learners"`
	Events        []metrics.Event       `json:"events"`
	// Seconds are the closed seconds of the last hour, oldest first: what the charts are drawn from.
	Seconds []metrics.Second `json:"-"`
	// Config is the effective configuration.
	Config any `json:"configuration"`
}

// Place is where latencies are taken.
type Place string

// The places.
const (
	AtClient Place = "client" // from the moment a request was due
	AtProxy  Place = "proxy"  // from its arrival: traffic comes from elsewhere
)

// Load is what the built-in load generator did.
type Load struct {
	Scheduled uint64  `json:"scheduled"`
	Sent      uint64  `json:"sent"`
	Completed uint64  `json:"completed"`
	Failed    uint64  `json:"failed"`
	Dropped   uint64  `json:"dropped"`
	Missed    uint64  `json:"missed"` // due while the generator stood still, and not sent
	LagP99MS  float64 `json:"lag_p99_ms"`
	LagMaxMS  float64 `json:"lag_max_ms"`
	Late      uint64  `json:"late"`    // sent more than 20 ms after they were due
	Lagging   bool    `json:"lagging"` // more than one in a hundred was late: latencies are not to be trusted
}

// Thinned tells whether more than one request in a hundred was dropped. What they would have waited is in no latency, so
// that latencies are not to be trusted.
func (l Load) Thinned() bool { return 100*l.Dropped > l.Scheduled }

// Learner is what one learner knew at the end.
type Learner struct {
	Name   string             `json:"name"`
	Params map[string]float64 `json:"params"`
	Stats  qlearn.Stats       `json:"stats"`
	QTable QTable             `json:"q_table"`
}

// QTable is a learner's table with its columns named.
type QTable struct {
	Kind    string   `json:"kind"`
	Servers []string `json:"servers"`
	States  int      `json:"visited_states"`
	Rows    []QRow   `json:"rows"` // the most visited first, at most a few hundred
}

// QRow is one visited state or level.
type QRow struct {
	State  string    `json:"state"`
	Q      []float64 `json:"q"`
	Visits []uint64  `json:"visits"`
	Best   string    `json:"best,omitempty"`
}
