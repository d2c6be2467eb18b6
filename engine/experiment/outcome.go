package experiment

import (
	"time"

	"slbtui/engine/simulate"
)

// outcome is what became of one request of a trace. Its zero value is a request that was not sent.
type outcome struct {
	latency  time.Duration // from when it was due
	lag      time.Duration // how late it was sent
	server   int16         // index into contest.servers, -1 when none answered
	answered bool          // it was sent, and has ended
	failed   bool
}

// contest is one run: a policy, or the balancer outside, and a repetition.
type contest struct {
	name       string // who
	repetition int    // from 0
	order      int    // its place in the repetition, from 0
	seed       uint64
	trace      []simulate.Request

	start    time.Duration // since the experiment began
	length   time.Duration // to the last answer
	outcomes []outcome     // by request
	stood    time.Duration // for so long the load stood still
	missed   uint64        // requests due meanwhile, which were not sent
	servers  []string      // ids by index: the scenario's first, then others that answered
	busy     [][]float64   // utilisation by server, one row a second; nil outside
}

// dropped counts the requests that were due and not sent: too many were in flight.
func (c *contest) dropped() (n uint64) {
	for i := range c.outcomes {
		if !c.outcomes[i].answered {
			n++
		}
	}
	return n - min(n, c.missed)
}
