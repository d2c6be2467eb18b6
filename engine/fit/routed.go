package fit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"slbtui/routing/policy"
)

// Who routed, by the name of the policy of ours that does the same.
const (
	RoundRobin         = "round_robin"
	WeightedRoundRobin = "weighted_round_robin"
	LeastRequest       = "least_request"
	Unsaid             = "unknown"
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
	Apart    int       // by how much the servers' counts differ at most
	ToFewest float64   // share sent to one with fewest in flight
	Weights  []float64 // of the servers, by which counts differ; nil where they do not
}

// whoRouted finds out. Out are the times in which servers were out of rotation; given is somebody's word, or "".
func whoRouted(l *Log, out [][]Period, given string) Routed {
	r := Routed{Policy: Unsaid}
	even := make([]float64, len(l.Servers))
	for s := range even {
		even[s] = 1
	}
	r.Apart = apart(l, out, even)
	r.ToFewest = toFewestOf(l, l.Requests, out)
	signature := Unsaid
	switch {
	case len(l.Servers) > 1 && r.Apart <= roundRobinApart:
		signature = RoundRobin
		r.Why = fmt.Sprintf("the servers' counts never differ by more than %d", r.Apart)
	case r.ToFewest > leastShareSent:
		signature = LeastRequest
		r.Why = fmt.Sprintf("%.1f %% went to one of those with fewest in flight", 100*r.ToFewest)
	default:
		if w, apart := weights(l, out); w != nil {
			signature, r.Weights = WeightedRoundRobin, w
			r.Why = fmt.Sprintf("the servers' counts over weights of %s never differ by more than %d", ratio(w), apart)
		}
	}
	switch {
	case given != "":
		r.Policy, r.Signed = given, signature == given
		r.Why = "so it was said"
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

// Weights are told from a log of so many requests at least, as numbers up to the largest for the server with fewest.
const (
	weighable     = 1000
	largestWeight = 20
)

// weights are those under which the counts of servers keep step, as in a weighted round robin: the smallest whole
// numbers in the ratio of the shares that do. It is nil where none do.
func weights(l *Log, out [][]Period) (w []float64, most int) {
	counts := make([]float64, len(l.Servers))
	for _, q := range l.Requests {
		counts[q.Server]++
	}
	fewest := slices.Min(counts)
	if len(l.Requests) < weighable || fewest == 0 {
		return nil, 0
	}
	for k := 1.0; k <= largestWeight; k++ {
		w = w[:0]
		for _, n := range counts {
			w = append(w, math.Round(k*n/fewest))
		}
		if slices.Max(w) <= 100*largestWeight {
			if most = apart(l, out, w); most <= roundRobinApart {
				return w, most
			}
		}
	}
	return nil, 0
}

func ratio(weights []float64) string {
	var all []string
	for _, w := range weights {
		all = append(all, fmt.Sprint(w))
	}
	return strings.Join(all, ":")
}

// apart is by how much the counts of servers in rotation differ at most, each less what its weight makes its due. They start again when one leaves or returns. Each balancer counts for itself.
func apart(l *Log, out [][]Period, weight []float64) (most int) {
	type state struct {
		counts []float64
		gone   []bool
	}
	all := make([]state, max(1, l.Balancers))
	for b := range all {
		all[b] = state{make([]float64, len(l.Servers)), make([]bool, len(l.Servers))}
	}
	origin := l.Requests[0].Start
	for _, q := range l.Requests {
		counts, gone := all[q.Balancer].counts, all[q.Balancer].gone
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
		total, weights := 0.0, 0.0
		for s, n := range counts {
			if !gone[s] {
				total, weights = total+n, weights+weight[s]
			}
		}
		low, high := math.Inf(1), math.Inf(-1)
		for s, n := range counts {
			if off := n - total*weight[s]/weights; !gone[s] {
				low, high = min(low, off), max(high, off)
			}
		}
		if high > low {
			most = max(most, int(math.Ceil(high-low-1e-6)))
		}
	}
	return most
}

// toFewestOf is the share of requests that went to a server with fewest in flight of those in rotation. A balancer knows
// of its own requests.
func toFewestOf(l *Log, requests []Request, out [][]Period) float64 {
	origin, good, n := requests[0].Start, 0, len(out)
	of := slices.Clone(requests) // a server for each balancer that asks it
	for i := range of {
		of[i].Server += int32(int(of[i].Balancer) * n)
	}
	w := newWatch(of, n*max(1, l.Balancers))
	for i, q := range of {
		w.until(q.Start)
		first := int(q.Balancer) * n
		fewest := w.inFlight[q.Server]
		for s, n := range w.inFlight[first : first+n] {
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
