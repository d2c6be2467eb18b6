package fit

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"
)

// Signs of a stall: a server that was given requests and answered none.
const (
	stallMedians = 5.0  // of its response time without an answer
	stallMissing = 20.0 // answers that should have come meanwhile
)

// stalls finds the times in which each server answered nothing and then several at once.
func stalls(l *Log) [][]Period {
	ends := make([][]Request, len(l.Servers))
	for _, q := range l.Requests {
		ends[q.Server] = append(ends[q.Server], q)
	}
	origin, medians := l.Requests[0].Start, medianTimes(l)
	found := make([][]Period, len(l.Servers))
	for s, qs := range ends {
		if len(qs) < 2 {
			continue
		}
		slices.SortFunc(qs, func(a, b Request) int { return cmp.Compare(a.End, b.End) })
		median := time.Duration(medians[s] * float64(time.Second))
		rate := float64(len(qs)) / (qs[len(qs)-1].End - qs[0].End + 1).Seconds()
		for i := 1; i < len(qs); i++ {
			gap := qs[i].End - qs[i-1].End
			if gap.Seconds() < stallMedians*medians[s] || rate*gap.Seconds() < stallMissing {
				continue
			}
			waited, n := 0, 0
			for j := i; j < len(qs) && qs[j].End <= qs[i].End+median; j++ {
				if n++; qs[j].Took() > 2*median {
					waited++
				}
			}
			if waited >= 2 && n >= 2 {
				found[s] = append(found[s], Period{Kind: Stalled, From: qs[i-1].End - origin, To: qs[i].End - origin})
			}
		}
	}
	return found
}

// surely is how improbable an absence must be by chance.
const surely = 1e-9

// absences finds the times in which each server got no request, though its share says that it would have.
func absences(l *Log) [][]Period {
	found := make([][]Period, len(l.Servers))
	last := make([]int, len(l.Servers)) // the latest request of each, by index
	counts := make([]int, len(l.Servers))
	for s := range last {
		last[s] = -1
	}
	for _, q := range l.Requests {
		counts[q.Server]++
	}
	origin, n := l.Requests[0].Start, len(l.Requests)
	look := func(s, to int, end time.Duration) {
		from, begin := last[s], origin
		if from >= 0 {
			begin = l.Requests[from].Start
		}
		chance := math.Pow(1-float64(counts[s])/float64(n), float64(to-from-1))
		if end-begin > time.Second && chance < surely {
			found[s] = append(found[s], Period{Kind: Out, From: begin - origin, To: end - origin})
		}
	}
	for i, q := range l.Requests {
		look(int(q.Server), i, q.Start)
		last[q.Server] = i
	}
	for s := range last {
		look(s, n, l.Requests[n-1].Start)
	}
	return found
}

// during tells whether a time lies in one of the periods.
func during(periods []Period, at time.Duration) bool {
	i := sort.Search(len(periods), func(i int) bool { return periods[i].To > at })
	return i < len(periods) && periods[i].From <= at
}
