package deep

import "math/rand/v2"

const (
	maxReplay = 10_000    // decisions kept
	maxCells  = 1_000_000 // numbers of their states, so 4 MB; with 1000 servers 333 decisions
)

// decision is one state, what was decided in it and, once its outcome is known, a transition.
type decision struct {
	serial    uint64 // 1 or more, 0 is none yet
	state     []float32
	available []bool
	action    int
	level     int  // of the requests that the action's server had in flight
	own       bool // the agent's own decision, and not one it watched
	known     bool // its outcome
	reward    float64
	after     uint64 // serial of the decision whose state followed
}

// best returns the first available server with the highest value.
func (d *decision) best(q []float64) int {
	best := -1
	for i, ok := range d.available {
		if ok && (best < 0 || q[i] > q[best]) {
			best = i
		}
	}
	return best
}

// replay is the latest decisions in a ring. A decision waits in it for its outcome, and is drawn from it afterwards:
// one whose outcome takes longer than the ring teaches nothing. The state that followed a decision is
// later in the ring, so it is there as long as the decision is. The zero value is ready for prepare.
type replay struct {
	ring  []decision
	last  uint64 // serial of the latest; it never goes back
	first uint64 // serials below it are of before
	known int    // outcomes that have come
}

// prepare makes room, once.
func (r *replay) prepare(servers int) {
	if r.ring != nil {
		return
	}
	n := max(2, min(maxReplay, maxCells/(perServer*servers)))
	r.ring = make([]decision, n)
	states, available := make([]float32, n*perServer*servers), make([]bool, n*servers)
	for i := range r.ring {
		r.ring[i].state = states[i*perServer*servers:][:perServer*servers]
		r.ring[i].available = available[i*servers:][:servers]
	}
	r.first = r.last + 1
}

// next returns the place of a new decision, which was that of the oldest.
func (r *replay) next() *decision {
	r.last++
	d := &r.ring[r.last%uint64(len(r.ring))]
	*d = decision{serial: r.last, state: d.state, available: d.available}
	return d
}

// find returns the decision of that serial, nil when it is no longer there.
func (r *replay) find(serial uint64) *decision {
	if serial == 0 || len(r.ring) == 0 {
		return nil
	}
	if d := &r.ring[serial%uint64(len(r.ring))]; d.serial == serial {
		return d
	}
	return nil
}

// draw returns any decision whose outcome is known; nil when a few tries find none.
func (r *replay) draw(rng *rand.Rand) *decision {
	held := int(min(r.last+1-r.first, uint64(len(r.ring))))
	for range 8 {
		if d := r.find(r.last - uint64(rng.IntN(held))); d != nil && d.known {
			return d
		}
	}
	return nil
}
