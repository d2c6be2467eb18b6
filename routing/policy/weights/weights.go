// Package weights makes of what was learned of servers the weights of a balancer that knows nothing but
// weights, such as HAProxy's leastconn and roundrobin: from an observer beside it, about once a second.
//
// It is the one steering there is: in virtual time it is part of the policy least_request+steered, and in
// engine/steer it tells a real HAProxy. It knows no clock, sets nothing, and has no goroutine.
package weights

import (
	"math"
	"time"

	"slbtui/qlearn/factored"
)

// The weights and what they hang on.
const (
	// Full is the weight of the best server.
	Full = 100
	// Floor is the least weight of a server that answers: one that is never tried can't be seen to recover, and
	// a balancer without feedback, such as roundrobin, would drown the others (measured: p99 452 instead of 168 ms).
	Floor = 5
	// Known is how many measurements there have to be before weights differ: those of chance are worse than none.
	Known = 150
	// Every is how often weights are worked out, and Urgently how often it is looked whether a server has begun to
	// fail, or is back: at its idlest a server that fails at once takes what all the others don't.
	Every    = time.Second
	Urgently = 100 * time.Millisecond

	failing = 0.3         // share of failures above which a server gets no requests
	mended  = 0.15        // and below which it gets some again, to be tried,
	atLeast = time.Second // but no sooner: answers to requests from before it failed are no sign that it is well
	trusted = 20          // measurements of a server before its own count
	noted   = 1.25        // slower or faster than its table by so much is worth a word
)

// Weight is what a server is to get, and why.
type Weight struct {
	Value  int // 0-Full; 0 takes no new requests
	Reason Reason
	// What the reason is about.
	MeanMS  float64 // of a request to the idle server, as it is now
	Slots   float64 // requests that it serves at once; +Inf when it never queues
	Speed   float64 // factor in MeanMS
	Failing float64 // share of its latest outcomes
	So      uint64  // measurements so far: of all, where Reason is Learning
}

// Reason is why a weight is what it is.
type Reason string

// The reasons.
const (
	Learning Reason = "learning" // too little is known: all are equal
	Unknown  Reason = "unknown"  // too little is known of this one: as the mean of the others
	Capacity Reason = "capacity" // by slots and response time
	Slower   Reason = "slower"   // likewise, and it is slower than it was
	Faster   Reason = "faster"   // likewise, and it is faster than it was
	Fails    Reason = "fails"    // it fails too many of its requests
	AllFail  Reason = "all_fail" // all do: none is better than another
)

// Steerer works weights out. The zero value is ready for use; it is not safe for concurrent use.
type Steerer struct {
	weights []Weight
	out     []bool          // fails
	since   []time.Duration // it does or doesn't
	next    time.Duration
	urgent  time.Duration
}

// Update works the weights out from what is known at now, which never runs backwards, where it is time for that. It
// tells whether it was. services is indexed by server; of another number of servers than before nothing is remembered.
func (s *Steerer) Update(now time.Duration, services func() []factored.Service) bool {
	if len(s.weights) > 0 && now < s.urgent {
		return false
	}
	s.urgent = now + Urgently
	known := services()
	if len(s.out) != len(known) {
		s.out, s.since, s.weights, s.next = make([]bool, len(known)), make([]time.Duration, len(known)), nil, now
	}
	turned := s.turn(now, known)
	if !turned && now < s.next {
		return false
	}
	if now >= s.next {
		s.next = now + Every
	}
	s.weights = of(known, s.out)
	return true
}

// Weights are those of the last Update. The slice is the steerer's, which never changes it.
func (s *Steerer) Weights() []Weight { return s.weights }

// turn finds out who has begun to fail, or is to be tried again.
func (s *Steerer) turn(now time.Duration, known []factored.Service) (turned bool) {
	for i, k := range known {
		out := k.Failing > failing || s.out[i] && (k.Failing > mended || now-s.since[i] < atLeast)
		if out != s.out[i] {
			s.out[i], s.since[i], turned = out, now, true
		}
	}
	return turned
}

// of are the weights of servers, of which those that are out fail.
func of(known []factored.Service, out []bool) []Weight {
	weights, best, sum, counted, working := make([]Weight, len(known)), 0.0, 0.0, 0, 0
	var measured uint64
	slots := most(known)
	capacity := make([]float64, len(known)) // requests per ms
	for i, k := range known {
		measured += k.Measured
		weights[i] = Weight{Reason: Capacity, MeanMS: k.MeanMS * k.Speed, Slots: k.Slots, Speed: k.Speed, Failing: k.Failing, So: k.Measured}
		if !out[i] {
			working++
		}
		if k.Measured < trusted || !(k.MeanMS*k.Speed > 0 && k.Slots > 0) { // also where there is a NaN
			weights[i].Reason = Unknown
			continue
		}
		capacity[i] = min(k.Slots, slots) / (k.MeanMS * k.Speed)
		sum, counted = sum+capacity[i], counted+1
	}
	for i := range known {
		if weights[i].Reason == Unknown && counted > 0 {
			capacity[i] = sum / float64(counted)
		}
		if !out[i] {
			best = max(best, capacity[i])
		}
	}
	for i := range weights {
		w := &weights[i]
		switch {
		case out[i] && working == 0:
			w.Value, w.Reason = Full, AllFail
		case out[i]:
			w.Value, w.Reason = 0, Fails
		case measured < Known || !(best > 0):
			w.Value, w.Reason, w.So = Full, Learning, measured
		default:
			w.Value = max(Floor, min(Full, int(math.Round(Full*capacity[i]/best))))
			if w.Reason == Capacity && w.Speed > noted {
				w.Reason = Slower
			}
			if w.Reason == Capacity && w.Speed < 1/noted {
				w.Reason = Faster
			}
		}
	}
	return weights
}

// most is the largest number of slots that anything is known of: a server that was never seen to queue is taken
// for no larger than that.
func most(known []factored.Service) float64 {
	most := 1.0
	for _, k := range known {
		if k.Measured > 0 && k.Slots > 0 && !math.IsInf(k.Slots, 1) {
			most = max(most, k.Slots)
		}
	}
	return most
}
