package simulate

import (
	"math/rand/v2"
	"slices"
	"time"
)

// stampede is how long a herd takes to come.
const stampede = 10 * time.Millisecond

// herd is what is due on top of the arrivals when the world begins: the clients of a cache that was
// emptied, or of a balancer that was restarted. It has a generator of its own, so that the arrivals are the
// same with a herd and without.
type herd struct {
	dues []time.Duration // ascending; those still to come
	rng  *rand.Rand
}

func newHerd(n int, seed uint64) herd {
	h := herd{rng: rand.New(rand.NewPCG(seed, streamHerd))}
	for range n {
		h.dues = append(h.dues, time.Duration(h.rng.Float64()*float64(stampede)))
	}
	slices.Sort(h.dues)
	return h
}

// next is when its next request is due, or forever.
func (h *herd) next() time.Duration {
	if len(h.dues) == 0 {
		return forever
	}
	return h.dues[0]
}
