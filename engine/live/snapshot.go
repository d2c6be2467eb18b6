// Package live is a running engine as others see it: snapshots of it, commands to it, and the interface
// behind which both stand. All of it is plain data, with names as JSON, so that the engine may as well
// be in another process. It decides nothing, opens nothing, and has no goroutine.
package live

import (
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// Version is that of the names of snapshots and commands as JSON, in both directions. New names leave it; it
// is raised when one goes, or comes to mean something else.
const Version = 1

// Snapshot is all that a screen knows of the engine: one consistent, immutable picture, published
// about ten times a second. Readers must not change it.
//
// Its JSON is read by operators: durations are in ns and their names end in _ns, a part that there is
// not is null.
//
// The tag lean says what of it somebody who follows a run need not be sent over and over: see package
// lean. A field without one goes with every picture.
type Snapshot struct {
	Seq      uint64        `json:"seq"`
	At       time.Duration `json:"at_ns"` // since the run began
	Started  time.Time     `json:"started" lean:"shape"`
	Duration time.Duration `json:"duration_ns"` // planned length of the run, 0 when open-ended
	Seed     uint64        `json:"seed"`
	Listen   string        `json:"listen"` // the proxy's address, "127.0.0.1:8080"
	State    RunState      `json:"state"`
	Program  string        `json:"program"` // the version of slbtui that runs

	Policy   string       `json:"policy"`  // who routes
	RL       string       `json:"learner"` // the learner that the RR/RL toggle goes to
	Shadow   string       `json:"shadow"`  // who learns while another routes, in the words of the configuration
	Policies []PolicyInfo `json:"policies" lean:"static"`

	Load    Load     `json:"load"`
	Waiting int      `json:"waiting"` // requests in line for a place at a server, as limits ask for
	Fronts  []Front  `json:"fronts"`  // where clients come in
	Servers []Server `json:"servers"`
	// Seconds holds the closed seconds of the last five minutes, oldest first.
	Seconds []metrics.Second `json:"seconds" lean:"after=at_ns,keep=300"`
	// Now sums up the last five closed seconds of the whole system.
	Now metrics.Summary `json:"now"`
	// Phases holds every phase of the run, the current one last.
	Phases   []metrics.Phase `json:"phases" lean:"from=number,keep=50"`
	Learners []Learner       `json:"learners"`
	// Events holds the newest events, oldest first; Event.Number shows what was lost between two snapshots.
	Events []Event `json:"events" lean:"after=number,keep=500"`
	WhatIf *WhatIf `json:"what_if"` // the latest that was asked for, nil before the first
	// LookBack is the latest look at what each policy would have made of the last minutes, nil before the first.
	LookBack *WhatIf `json:"look_back"`
	Cost     Cost    `json:"cost"`

	Scenario  *Scenario      `json:"scenario"` // being played, nil when none is
	Scenarios []ScenarioInfo `json:"scenarios" lean:"static"`
	Replay    *Replay        `json:"replay"` // the recording that is sent again, nil when none is
	// Versus compares the last phase of another policy with the last one of round robin, nil while there are not both.
	Versus *metrics.Difference `json:"versus"`
	Regret *Regret             `json:"regret"` // nil unless all servers are simulated
	// Discovery is how servers are found, nil where they are those of the configuration.
	Discovery *Discovery `json:"discovery"`
	// Steering is what is made of a balancer elsewhere, nil unless one is watched by its log.
	Steering *Steering `json:"steering"`

	Fleet *Fleet `json:"fleet"` // nil where the balancer is alone

	// Link is how the picture came here, nil where the engine runs in this process. No JSON has it: it is known
	// only at this end.
	Link *Link `json:"-"`
}

// Baseline is the policy that others are compared with, as Snapshot.Versus does: the RR of the RR/RL toggle.
const Baseline = policy.Baseline

// PolicyInfo is a policy of the registry.
type PolicyInfo struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Learner bool   `json:"learner"`
}

// Front is a listener of the proxy.
type Front struct {
	Listen      string `json:"listen"`
	Connections int    `json:"connections"` // open, upgraded ones left out
	Accepted    uint64 `json:"accepted"`    // since the start
}

// Load is the state of the built-in load generator.
type Load struct {
	Enabled   bool     `json:"enabled"`               // false when the engine only serves traffic from elsewhere
	Rate      float64  `json:"rate_per_second"`       // offered requests/s as set
	Start     float64  `json:"start_rate_per_second"` // offered requests/s that the run began with
	Arrivals  Arrivals `json:"arrivals"`
	Paused    bool     `json:"paused"`
	Recorded  bool     `json:"recorded"`          // the requests are those of Snapshot.Replay: there is no rate to change, and no pause
	Finished  bool     `json:"finished"`          // its configured duration is over
	Served    float64  `json:"served_per_second"` // completed requests/s over the last five seconds
	Scheduled uint64   `json:"scheduled"`
	Sent      uint64   `json:"sent"`
	Completed uint64   `json:"completed"`
	Failed    uint64   `json:"failed"`
	Dropped   uint64   `json:"dropped"`    // due, but not sent: too many were in flight already
	LagP99MS  float64  `json:"lag_p99_ms"` // how late requests were sent, 99th percentile since the start
	Lagging   bool     `json:"lagging"`    // the generator itself was late: latencies are not to be trusted
}

// Server is one upstream.
type Server struct {
	ID          string          `json:"id" lean:"shape"`
	Addr        string          `json:"addr"`      // "127.0.0.1:8001"
	Simulated   bool            `json:"simulated"` // ours: faults can be injected
	State       ServerState     `json:"state"`
	Health      string          `json:"health"` // what the server says of itself: "healthy", "degraded", "unhealthy", "" when unknown
	BaseDelayMS float64         `json:"base_delay_ms"`
	Workers     int             `json:"workers"`
	Utilisation float64         `json:"utilisation"` // share of busy worker slots, 0-1; -1 when unknown
	CPU         float64         `json:"cpu_percent"` // percent, as its health endpoint reports it; -1 when unknown
	InFlight    int             `json:"in_flight"`
	Streaming   int             `json:"streaming"`     // of those, the ones whose answer has begun and goes on
	Queued      int             `json:"queued"`        // waiting for a slot, simulated servers only
	OldestAge   time.Duration   `json:"oldest_age_ns"` // of the oldest request in flight
	Window      metrics.Summary `json:"window"`        // the last five closed seconds, as the proxy saw them
	Share       float64         `json:"share"`         // of the requests of the last five seconds, 0-1
	Requests    uint64          `json:"requests"`      // since the start
	Failures    uint64          `json:"failures"`      // since the start
	Abandoned   uint64          `json:"abandoned"`     // of Failures: clients waited no longer
	Ejections   uint64          `json:"ejections"`     // since the start
	Fault       fault.Fault     `json:"fault"`         // what is being injected now
	FaultLeft   time.Duration   `json:"fault_left_ns"` // until the last of it ends by itself; 0 when something lasts until cleared
}

// Param is something of a learner that can be turned.
type Param = policy.Param

// Learner is the state of one learner, whether it routes or learns in shadow.
type Learner struct {
	Name      string       `json:"name" lean:"shape"`
	Routing   bool         `json:"routing"` // it decides now
	Idle      bool         `json:"idle"`    // it neither decides nor watches, so it learns nothing now
	Params    []Param      `json:"params"`
	Stats     qlearn.Stats `json:"stats"`
	Table     qlearn.Table `json:"table" lean:"with=tables"`                            // its columns are Snapshot.Servers, in order
	Agreement float64      `json:"agreement"`                                           // in shadow: share of the last decisions on which it agrees with who routes, 0-1
	Decisions []Decision   `json:"decisions" lean:"with=decisions,after=at_ns,keep=20"` // a sample of its latest, at most 20 and ten a second, newest last
	// One value a second for the last five minutes, oldest first.
	Rewards []float64 `json:"rewards" lean:"seconds,keep=300"`  // mean reward
	DeltaQs []float64 `json:"delta_qs" lean:"seconds,keep=300"` // mean |change of Q|
}

// Decision is one decision of a learner taken apart: its own when it routes, else one of who routes
// beside what it would have chosen. Servers are Snapshot.Servers, in order.
type Decision = policy.Explained

// Event is something that happened, numbered from 1 without gaps.
type Event = metrics.Event

// Cost is what the process uses.
type Cost struct {
	CPU        float64 `json:"cpu_cores"` // cores busy, over the last second: 0.25 is a quarter of one core
	HeapMB     float64 `json:"heap_mb"`
	Goroutines int     `json:"goroutines"`
}
