package fit

import (
	"math"
	"slices"
	"time"
)

// Kind of a period.
type Kind string

// The kinds.
const (
	Slow    Kind = "slow"
	Failing Kind = "failing"
	Stalled Kind = "stalled"
	Out     Kind = "out"
)

// Period is a stretch in which a server was not as usual. Times are since the log's first request.
type Period struct {
	Kind     Kind
	From, To time.Duration
	Factor   float64 // of the service time (slow), share of the requests (failing); 0 of the others
}

// What is no period.
const (
	alike         = 0.12 // levels this close are one
	leastRequests = 20
	leastSpan     = 1.0  // seconds
	leastShare    = 0.02 // of failures
	leastFailures = 3
)

// slow finds the periods in which services took longer or shorter than usual. Begun and log are of the legible
// requests alone. It returns the level of each of them too, as a logarithm that is 0 in the usual regime.
func slow(begun, log []float64) ([]Period, []float64) {
	n := len(log)
	level := make([]float64, n)
	if n < 2*leastRequests {
		return nil, level
	}
	s := newSums(log)
	noise := 0.0 // from neighbours, which share their level; not robust: heavy tails must count
	for i := 1; i < n; i++ {
		noise += (log[i] - log[i-1]) * (log[i] - log[i-1]) / 2 / float64(n-1)
	}
	cuts := partition(n, s.squares, func(i, j int) bool {
		return j-i >= leastRequests && begun[j-1]-begun[i] >= leastSpan
	}, 4*noise*math.Log(float64(n)))
	usual := usualLevel(s, cuts)
	var periods []Period
	for k := 1; k < len(cuts); k++ {
		from, to := cuts[k-1], cuts[k]
		off := s.mean(from, to) - usual
		if math.Abs(off) < alike {
			continue
		}
		p := Period{Kind: Slow, From: border(begun, from), To: border(begun, to), Factor: math.Exp(off)}
		if last := len(periods) - 1; last >= 0 && periods[last].To == p.From && math.Abs(math.Log(periods[last].Factor/p.Factor)) < alike {
			periods[last].To = p.To
		} else {
			periods = append(periods, p)
		}
		for i := from; i < to; i++ {
			level[i] = off
		}
	}
	return periods, level
}

// usualLevel is the median level, by requests.
func usualLevel(s sums, cuts []int) float64 {
	type stretch struct {
		level float64
		n     int
	}
	var all []stretch
	for k := 1; k < len(cuts); k++ {
		all = append(all, stretch{s.mean(cuts[k-1], cuts[k]), cuts[k] - cuts[k-1]})
	}
	slices.SortFunc(all, func(a, b stretch) int {
		if a.level < b.level {
			return -1
		}
		return 1
	})
	seen := 0
	for _, x := range all {
		if seen += x.n; 2*seen >= cuts[len(cuts)-1] {
			return x.level
		}
	}
	return 0
}

// border is the time between the request before i and i.
func border(at []float64, i int) time.Duration {
	switch {
	case i == 0:
		return 0
	case i == len(at):
		return seconds(at[i-1])
	}
	return seconds((at[i-1] + at[i]) / 2)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// failing finds the periods in which a server failed a share of its requests, each at the time at.
func failing(at []float64, failed []float64) []Period {
	n := len(at)
	if n == 0 {
		return nil
	}
	s := newSums(failed)
	cuts := partition(n, s.surprise, func(i, j int) bool { return j > i }, 3*math.Log(float64(n)))
	var periods []Period
	for k := 1; k < len(cuts); k++ {
		from, to := cuts[k-1], cuts[k]
		share, count := s.mean(from, to), s.one[to]-s.one[from]
		if share <= leastShare || count < leastFailures {
			continue
		}
		periods = append(periods, Period{Kind: Failing, From: border(at, from), To: border(at, to), Factor: share})
	}
	return periods
}
