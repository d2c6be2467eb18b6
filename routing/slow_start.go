package routing

import (
	"math/rand/v2"
	"time"

	"slbtui/routing/policy"
)

// warmFloor is the share of the requests that a server sees at the very beginning of its slow start.
const warmFloor = 0.1

// slowStart holds back a server that came back, or joined others: empty caches and connection pools make it slower
// than it will be, and all its rivals look busier. Whatever the policy, the server is offered to it
// with a probability that grows linearly from warmFloor to 1 over the window; so the policy sees
// fewer requests choose it, and learns nothing that isn't so. Where no other server is left, it
// is offered always. The servers that are there when the balancer starts all are new, and none of
// them is held back; one that a new configuration adds is.
//
// A server that was away for a short time takes a short time to be itself again: what is up again after
// three seconds has little to load, and meanwhile the others carry its load. So the window is no longer than
// half the absence, and what was left of another window when it went: what is cold does not get warm by going away.
//
// The upstream's lock guards it; the zero value holds nothing back.
type slowStart struct {
	from, window time.Duration // window is 0 when it is over
	away         bool          // out of use
	left         time.Duration // since when
	rng          *rand.Rand
}

// leave takes note that the server is out of use, for whatever reason.
func (s *slowStart) leave(now time.Duration) {
	if !s.away {
		s.away, s.left = true, now
	}
}

// begin starts the window of a server that came back, or was never there before. The seed makes the draws repeatable.
func (s *slowStart) begin(now, window time.Duration, seed uint64) {
	if s.away {
		unfinished := max(s.window-(s.left-s.from), 0)
		window = min(window, unfinished+(now-s.left)/2)
	}
	*s = slowStart{from: now, window: window, rng: policy.NewRand(seed)}
}

// admits tells whether the server may take a request now.
func (s *slowStart) admits(now time.Duration) bool {
	if s.window == 0 {
		return true
	}
	share := float64(now-s.from) / float64(s.window)
	if share >= 1 {
		s.window = 0
		return true
	}
	return s.rng.Float64() < max(share, warmFloor)
}
