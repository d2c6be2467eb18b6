package fit

import (
	"slices"
	"time"
)

// MostFitted is how many requests are fitted and predicted at most: the busiest stretch of so many.
const MostFitted = 100_000

// longestFitted is how long a stretch may be: the lab knows days.
const longestFitted = 24*time.Hour - time.Minute

// The end of a log that was cut off while requests were under way lacks those that had not ended. Told by the arrivals
// in its last stretch, as long as nine of ten requests take: they have thinned out.
const (
	stretch  = 0.9   // quantile of the durations
	thinned  = 0.75  // of as many as there should be
	complete = 0.999 // quantile of the durations that is left out then
	endShare = 0.2   // and of the log at most, where a policy collapsed and durations have no end
)

// WithoutEnd leaves out the last requests of a log that was cut off. It returns how many they are.
func (l *Log) WithoutEnd() (*Log, int) {
	n := len(l.Requests)
	if n < fewest {
		return l, 0
	}
	var took []time.Duration // of a sample
	var end time.Duration
	for i, q := range l.Requests {
		if i%(1+n/MostFitted) == 0 {
			took = append(took, q.Took())
		}
		end = max(end, q.End)
	}
	slices.Sort(took)
	first, last := l.Requests[0].Start, l.Requests[n-1].Start
	d := took[int(stretch*float64(len(took)-1))]
	seen := 0
	for seen < n && l.Requests[n-1-seen].Start > last-d {
		seen++
	}
	if float64(seen) >= thinned*float64(n)*float64(d)/float64(last-first+1) {
		return l, 0
	}
	tail := min(took[int(complete*float64(len(took)-1))], time.Duration(endShare*float64(end-first)))
	for n > 0 && l.Requests[n-1].Start > end-tail {
		n--
	}
	return l.part(0, n), len(l.Requests) - n
}

// Between leaves the requests that were handed over within a stretch of the log; a zero end is its own.
func (l *Log) Between(from, to time.Time) *Log {
	i, j := 0, len(l.Requests)
	for i < j && !from.IsZero() && l.Requests[i].Start < time.Duration(from.UnixNano()) {
		i++
	}
	for j > i && !to.IsZero() && l.Requests[j-1].Start >= time.Duration(to.UnixNano()) {
		j--
	}
	return l.part(i, j)
}

// Busiest leaves the stretch of that length with most requests, or of a day when length is 0, and of those at most n.
func (l *Log) Busiest(length time.Duration, n int) *Log {
	q := l.Requests
	if length <= 0 || length > longestFitted {
		length = longestFitted
	}
	if len(q) > 0 && q[len(q)-1].Start-q[0].Start >= length {
		best, most, to := 0, 0, 0
		for from := range q {
			for to < len(q) && q[to].Start < q[from].Start+length {
				to++
			}
			if to-from > most {
				best, most = from, to-from
			}
		}
		q = q[best : best+most]
		l = l.part(best, best+most)
	}
	if len(q) <= n {
		return l
	}
	best := 0
	for from := 0; from+n <= len(q); from++ {
		if q[from+n-1].Start-q[from].Start < q[best+n-1].Start-q[best].Start {
			best = from
		}
	}
	return l.part(best, best+n)
}

// part is a stretch of the log. It knows what is around it; of a log that is much larger it lets go of the rest.
func (l *Log) part(i, j int) *Log {
	p := *l
	if p.around == nil {
		p.around = l.Requests
	}
	from, to := max(0, p.before+i-lead), min(len(p.around), p.before+j+lead)
	around := p.around[from:to]
	if len(around) < len(p.around)/2 {
		around = slices.Clone(around)
	}
	p.before += i - from
	p.around, p.Requests = around, around[p.before:p.before+j-i]
	return &p
}
