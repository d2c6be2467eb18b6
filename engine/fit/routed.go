package fit

import (
	"fmt"
	"slices"

	"slbtui/routing/policy"
)

// Who routed, by the name of the policy of ours that does the same.
const (
	RoundRobin   = "round_robin"
	LeastRequest = "least_request"
	Unsaid       = "unknown"
)

// What tells a policy from others, by measurements: the counts of round robin differ by 2-4, of least connections by
// 1000 and more; least connections sends 95 % and more to one with fewest in flight, two random choices 78 %.
const (
	roundRobinApart = 5
	leastShareSent  = 0.93
)

// Routed is who chose the servers, and how that is known.
type Routed struct {
	Policy string // Unsaid where nothing tells
	Why    string // one line for people
	// Signed: the choices themselves bear it out, so that no request of the balancer is missing. A log that only
	// names its policy may still be a sample.
	Signed   bool
	Broken   bool // round robin of which lines are missing
	Learner  bool
	Apart    int     // by how much the servers' counts differ at most
	ToFewest float64 // share sent to one with fewest in flight
}

// whoRouted finds out. Out are the times in which servers were out of rotation.
func whoRouted(l *Log, out [][]Period) Routed {
	r := Routed{Policy: Unsaid}
	r.Apart = apart(l, out)
	r.ToFewest = toFewestOf(l.Requests, out)
	signature := Unsaid
	switch {
	case len(l.Servers) > 1 && r.Apart <= roundRobinApart:
		signature = RoundRobin
		r.Why = fmt.Sprintf("the servers' counts never differ by more than %d", r.Apart)
	case r.ToFewest > leastShareSent:
		signature = LeastRequest
		r.Why = fmt.Sprintf("%.1f %% went to one of those with fewest in flight", 100*r.ToFewest)
	}
	switch {
	case l.Policy != "":
		r.Policy, r.Signed = l.Policy, signature == l.Policy
		r.Why = "its log says so"
	case signature != Unsaid:
		r.Policy, r.Signed = signature, true
	default:
		r.Why = fmt.Sprintf("the servers' counts differ by up to %d, and %.1f %% went to one with fewest in flight: neither round robin nor least connections", r.Apart, 100*r.ToFewest)
	}
	r.Broken = r.Policy == Unsaid && brokenRound(l, r.Apart)
	r.Learner = slices.Contains(policy.LearnerNames(), r.Policy)
	return r
}

// apart is by how much the counts of servers in rotation differ at most. They start again when one leaves or returns.
func apart(l *Log, out [][]Period) (most int) {
	counts := make([]int, len(l.Servers))
	gone := make([]bool, len(l.Servers))
	origin := l.Requests[0].Start
	for _, q := range l.Requests {
		changed := false
		for s := range gone {
			if now := during(out[s], q.Start-origin); now != gone[s] {
				gone[s], changed = now, true
			}
		}
		if changed {
			clear(counts)
		}
		counts[q.Server]++
		low, high := len(l.Requests), 0
		for s, n := range counts {
			if !gone[s] {
				low, high = min(low, n), max(high, n)
			}
		}
		most = max(most, high-low)
	}
	return most
}

// toFewestOf is the share of requests that went to a server with fewest in flight of those in rotation.
func toFewestOf(requests []Request, out [][]Period) float64 {
	origin, good := requests[0].Start, 0
	w := newWatch(requests, len(out))
	for i, q := range requests {
		w.until(q.Start)
		fewest := w.inFlight[q.Server]
		for s, n := range w.inFlight {
			if n < fewest && !during(out[s], q.Start-origin) {
				fewest = n
			}
		}
		if w.inFlight[q.Server] == fewest {
			good++
		}
		w.begin(i)
	}
	return float64(good) / float64(len(requests))
}
