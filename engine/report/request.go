package report

import "time"

// Request is one row of request_logs.csv.
type Request struct {
	ID         uint64        // request_id: number in the trace, the same for all policies
	At         time.Time     // timestamp: when it was sent, wall clock
	Policy     string        // routing_strategy
	Server     string        // selected_server; empty when none answered
	Latency    time.Duration // response_time_ms: from the moment it was due
	Status     int           // status_code; 0 when there was no answer
	Success    bool
	Intended   time.Duration // intended_ms: when it was due, since the run began
	Part       string        // PartCold or PartWarm
	Repetition int           // from 1
	InFlight   int           // in flight at the generator when it was sent, itself included
}

// The parts of a run.
const (
	PartCold = "cold" // the first 2,000 requests or a fifth of the run, whichever is less
	PartWarm = "warm"
)
