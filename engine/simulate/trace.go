package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"slbtui/loadgen"
)

// Streams of randomness. Each has its own generator, so that what one consumes moves no other.
const (
	streamRequests = 0x7261636574 + iota
	streamPolicies
	streamScenario
	streamClasses
	streamHerd
	streamWild
)

// request is what belongs to a request whatever becomes of it: common random numbers.
type request struct {
	due      time.Duration
	size     float64 // standard normal; the service time is base·exp(sigma·size - sigma²/2), whose mean is base
	luck     float64 // 0-1; below a server's error rate it fails there
	balancer int
	factor   float64       // of its class, on the service time
	hold     time.Duration // how long its answer streams on after its beginning
	whole    bool          // the policy hears at the end of the stream
}

// trace deals the requests of a scenario and seed in the order they are due.
type trace struct {
	arrivals  *loadgen.Arrivals
	rng       *rand.Rand
	classes   deck
	herd      herd
	balancers int
	end       time.Duration
	due       time.Duration // of the next request; forever when there is none
	given     []Request     // those still to come, if they were given: nil draws them
}

func newTrace(sc *Scenario, seed uint64) (*trace, error) {
	kind := loadgen.Poisson
	if sc.Arrivals.Even {
		kind = loadgen.Constant
	}
	a, err := loadgen.NewArrivals(kind, sc.MeanRate(), sc.Arrivals.Shape, seed)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	t := &trace{arrivals: a, rng: rand.New(rand.NewPCG(seed, streamRequests)), balancers: max(1, sc.Balancers), end: sc.Duration,
		classes: newDeck(sc.Classes, seed), herd: newHerd(sc.Herd, seed)}
	t.peek()
	return t, nil
}

func (t *trace) peek() {
	if t.given != nil {
		if t.due = forever; len(t.given) > 0 && t.given[0].Due < t.end {
			t.due = t.given[0].Due
		}
		return
	}
	if t.due = min(t.arrivals.Next(), t.herd.next()); t.due >= t.end {
		t.due = forever
	}
}

// next returns the request due at t.due. Call it only when that is not forever.
func (t *trace) next() request {
	if t.given != nil {
		g := t.given[0]
		t.given = t.given[1:]
		t.peek()
		return g.request()
	}
	rng := t.rng
	inHerd := t.herd.next() == t.due
	if inHerd {
		rng = t.herd.rng
	}
	r := request{due: t.due, size: rng.NormFloat64(), luck: rng.Float64(), balancer: rng.IntN(t.balancers)}
	t.classes.deal(&r)
	if inHerd {
		t.herd.dues = t.herd.dues[1:]
	} else {
		t.arrivals.Advance()
	}
	t.peek()
	return r
}

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
