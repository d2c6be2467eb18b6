package engine

import (
	"time"

	"slbtui/engine/metrics"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// Snapshot is all that a screen knows of the engine: one consistent, immutable picture, published
// about ten times a second. Readers must not change it.
type Snapshot struct {
	Seq      uint64
	At       time.Duration // since the run began
	Started  time.Time
	Duration time.Duration // planned length of the run, 0 when open-ended
	Seed     uint64
	Listen   string // the proxy's address, "127.0.0.1:8080"
	State    string // "starting", "running", "stopping"

	Policy   string // who routes
	RL       string // the learner that the RR/RL toggle goes to
	Policies []PolicyInfo

	Load    Load
	Servers []Server
	// Seconds holds the closed seconds of the last five minutes, oldest first.
	Seconds []metrics.Second
	// Now sums up the last five closed seconds of the whole system.
	Now metrics.Summary
	// Phases holds every phase of the run, the current one last.
	Phases   []metrics.Phase
	Learners []Learner
	// Events holds the newest events, oldest first; Event.Number shows what was lost between two snapshots.
	Events []Event
	WhatIf *WhatIf // the latest that was asked for, nil before the first
	Cost   Cost

	Scenario  *Scenario // being played, nil when none is
	Scenarios []ScenarioInfo
	// Versus compares the last phase of another policy with the last one of round robin, nil while there are not both.
	Versus *metrics.Difference
	Regret *Regret // nil unless all servers are simulated
}

// PolicyInfo is a policy of the registry.
type PolicyInfo struct {
	Name    string
	Summary string
	Learner bool
}

// Load is the state of the built-in load generator.
type Load struct {
	Enabled   bool    // false when the engine only serves traffic from elsewhere
	Rate      float64 // offered requests/s as set
	Arrivals  string  // "poisson", "constant"
	Paused    bool
	Finished  bool    // its configured duration is over
	Served    float64 // completed requests/s over the last five seconds
	Scheduled uint64
	Sent      uint64
	Completed uint64
	Failed    uint64
	Dropped   uint64  // due, but not sent: too many were in flight already
	LagP99MS  float64 // how late requests were sent, 99th percentile since the start
	Lagging   bool    // the generator itself was late: latencies are not to be trusted
}

// Server is one upstream.
type Server struct {
	ID          string
	Addr        string // "127.0.0.1:8001"
	Simulated   bool   // ours: faults can be injected
	State       string // "ok", "SLOW", "DOWN", "EJECTED", "DRAINING"
	Health      string // what the server says of itself: "healthy", "degraded", "unhealthy", "" when unknown
	BaseDelayMS float64
	Workers     int
	Utilisation float64 // share of busy worker slots, 0-1; -1 when unknown
	CPU         float64 // percent, as its health endpoint reports it; -1 when unknown
	InFlight    int
	Queued      int             // waiting for a slot, simulated servers only
	OldestAge   time.Duration   // of the oldest request in flight
	Window      metrics.Summary // the last five closed seconds, as the proxy saw them
	Share       float64         // of the requests of the last five seconds, 0-1
	Requests    uint64          // since the start
	Failures    uint64          // since the start
	Ejections   uint64          // since the start
	Fault       Fault           // what is being injected now
}

// Fault is what is injected into a simulated server. The zero value is a healthy server.
type Fault struct {
	Slow      float64       // service times are multiplied by it; 0 and 1 both mean no slowdown
	Delay     time.Duration // added to every response
	ErrorRate float64       // share of requests answered at once with 500, 0-1
	Stall     bool          // accepts and never answers
	Crash     bool          // listener closed, connections cut
	Left      time.Duration // until it ends by itself; 0 when it lasts until cleared
}

// Learner is the state of one learner, whether it routes or learns in shadow.
type Learner struct {
	Name      string
	Routing   bool // it decides now
	Idle      bool // it neither decides nor watches, so it learns nothing now
	Params    []policy.Param
	Stats     qlearn.Stats
	Table     qlearn.Table // its columns are Snapshot.Servers, in order
	Agreement float64      // in shadow: share of the last decisions on which it agrees with who routes, 0-1
	Decisions []Decision   // a sample of its latest, at most 20 and ten a second, newest last
	// One value a second for the last five minutes, oldest first.
	Rewards []float64 // mean reward
	DeltaQs []float64 // mean |change of Q|
}

// Decision is one decision of a learner taken apart: its own when it routes, else one of who routes
// beside what it would have chosen. Servers are Snapshot.Servers, in order.
type Decision = policy.Explained

// Event is something that happened, numbered from 1 without gaps.
type Event = metrics.Event

// Cost is what the process uses.
type Cost struct {
	CPU        float64 // cores busy, over the last second: 0.25 is a quarter of one core
	HeapMB     float64
	Goroutines int
}
