package fit

import "math"

// What tells a round robin of which lines are missing: servers still follow each other in one direction more than in
// the other, and get equal shares, but for chance; yet their counts part. Those of several workers that each go round
// by themselves do not: they differ by two a worker at most.
const (
	turning = 0.1 // of the requests, by which one direction is taken more than the other
	parted  = 25
	byLuck  = 5 // standard deviations
)

// brokenRound tells whether a log is of such a round robin.
func brokenRound(l *Log, apart int) bool {
	k, n := len(l.Servers), float64(len(l.Requests))
	if k < 3 || apart <= parted { // of two servers both directions are one
		return false
	}
	counts, follows := make([]float64, k), make([]float64, k*k)
	for i, q := range l.Requests {
		counts[q.Server]++
		if i > 0 {
			follows[int(l.Requests[i-1].Server)*k+int(q.Server)]++
		}
	}
	share := n / float64(k)
	for _, c := range counts {
		if math.Abs(c-share) > byLuck*math.Sqrt(share) {
			return false // weights, or a policy that looks at load
		}
	}
	more, noise := 0.0, 0.0
	for a := range k {
		for b := range a {
			more += math.Abs(follows[a*k+b] - follows[b*k+a])
			noise += math.Sqrt(follows[a*k+b] + follows[b*k+a])
		}
	}
	return more > turning*n && more > 2*noise
}
