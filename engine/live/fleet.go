package live

import (
	"bytes"
	"time"
)

// Fleet is what a balancer knows of the others that serve the same clients, and of what holds for them all.
type Fleet struct {
	Name      string `json:"name"`
	Self      string `json:"self"`      // the replica that the snapshot is of
	Connected bool   `json:"connected"` // what is ordered here can be written for all
	Why       string `json:"why"`       // it is not connected; "" where it is
	Revision  uint64 `json:"revision"`  // of the latest order that this replica knows
	Expected  int    `json:"expected"`  // replicas that there should be, 0 where that is not known
	// Replicas are all that were heard of, this one included, by name.
	Replicas []Replica `json:"replicas"`
}

// Replica is one balancer of a fleet, as it says of itself.
type Replica struct {
	Name     string        `json:"name"`
	State    ReplicaState  `json:"state"`
	Program  string        `json:"program"` // the version of slbtui that runs there
	Listen   string        `json:"listen"`  // its proxy's address
	Policy   string        `json:"policy"`
	Rate     float64       `json:"rate_per_second"` // requests/s over the last five seconds
	P95MS    float64       `json:"p95_ms"`          // of the last five seconds
	Failed   float64       `json:"failed_share"`    // of the requests of the last five seconds, 0-1
	Share    float64       `json:"share"`           // of the requests of all replicas that serve, 0-1
	Behind   uint64        `json:"behind"`          // orders that it does not know yet
	LastSeen time.Duration `json:"last_seen_ns"`    // ago
}

// ReplicaState is how a replica is.
type ReplicaState string

// The states of a replica.
const (
	ReplicaServing ReplicaState = "serving"
	ReplicaAlone   ReplicaState = "ALONE"   // it serves, and what is ordered there holds there only
	ReplicaLost    ReplicaState = "LOST"    // it has not been heard of for 3 s
	ReplicaStopped ReplicaState = "stopped" // by its own word
)

// Serves tells whether the replica takes requests, as far as is known.
func (s ReplicaState) Serves() bool { return s == ReplicaServing || s == ReplicaAlone }

// Accepted is why a command holds at this balancer only so far. It is an error because it is no success yet.
type Accepted struct{ Why string }

func (a Accepted) Error() string { return "it holds here: " + a.Why }

// Others tells an engine what other balancers have in flight at the same servers. It leaves no event.
type Others struct {
	Balancers int            // that share the servers, this one included; 0 leaves that as it is
	InFlight  map[string]int // of all others together, by server; nil: nobody tells any more
	Streaming map[string]int // of those, the ones whose answer has begun and goes on
}

// SetShadow chooses who learns while another policy routes: auto, all, none or names.
type SetShadow struct {
	Learners string `json:"learners"`
}

// SaveTable writes what a learner knows. It is for an engine in this process.
type SaveTable struct {
	Learner string
	To      *bytes.Buffer
}

// LoadTable gives a learner that knows nothing yet what SaveTable wrote. It fails where the servers are others, and
// where the learner knows something.
type LoadTable struct {
	Learner string
	From    []byte
}

func (SaveTable) command() {}
func (LoadTable) command() {}
func (Others) command()    {}
func (SetShadow) command() {}
