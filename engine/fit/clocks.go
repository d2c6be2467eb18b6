package fit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// How the clocks of balancers side by side are compared: by offsets on this grid, then closer around the best.
const (
	clockPart  = 2000 // requests of each server that are looked at
	clocksBy   = 5.0  // of log likelihood that makes an offset known
	clockWidth = 5 * time.Millisecond
)

var clockSteps = []int{2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300} // ms, ahead and behind

// Clock is that of a balancer against the first one's.
type Clock struct {
	Ahead time.Duration
	Known bool // within 5 ms; without it nothing was corrected
}

// setClocks puts the requests of several balancers on one clock: that under which the servers, whose slots they share,
// are likeliest. It returns a log of its own.
func setClocks(l *Log) (*Log, []Clock) {
	clocks := make([]Clock, l.Balancers)
	clocks[0].Known = true
	part := clockSample(l)
	ahead := make([]time.Duration, l.Balancers)
	for b := 1; b < l.Balancers; b++ {
		at := func(d time.Duration) float64 {
			ahead[b] = d
			return clockLikelihood(part, ahead)
		}
		best, most := time.Duration(0), at(0)
		try := func(d time.Duration) {
			if x := at(d); x > most {
				best, most = d, x
			}
		}
		for _, ms := range clockSteps {
			step := time.Duration(ms) * time.Millisecond
			try(step)
			try(-step)
		}
		for step := max(clockWidth, best.Abs()/4).Round(time.Millisecond); step >= time.Millisecond; step /= 2 {
			from := best
			try(from + step)
			try(from - step)
		}
		clocks[b] = Clock{Ahead: best, Known: most-max(at(best+clockWidth), at(best-clockWidth)) > clocksBy}
		if ahead[b] = 0; clocks[b].Known {
			ahead[b] = best
		}
	}
	return moved(l, ahead), clocks
}

// clockSample is a stretch of the log in which most were in flight, long enough for each server.
func clockSample(l *Log) *Log {
	n := clockPart * len(l.Servers)
	if len(l.Requests) <= n {
		return l
	}
	waited := make([]float64, len(l.Requests)+1)
	for i, q := range l.Requests {
		waited[i+1] = waited[i] + q.Took().Seconds()
	}
	best := 0
	for from := 0; from+n <= len(l.Requests); from += n / 4 {
		if waited[from+n]-waited[from] > waited[best+n]-waited[best] {
			best = from
		}
	}
	return l.part(best, best+n)
}

// ofOne is the log of one balancer where its files are: who routed shows in all of them together, and not in each.
func (l *Log) ofOne(given string) *Log {
	nobody := make([][]Period, len(l.Servers))
	if whoRouted(l, nobody, given).Signed {
		return l
	}
	one := moved(l, make([]time.Duration, l.Balancers))
	one.Balancers = 1
	for i := range one.Requests {
		one.Requests[i].Balancer = 0
	}
	if whoRouted(one, nobody, given).Signed {
		return one
	}
	return l
}

// moved is a log in which the clock of each balancer was so far ahead, set right.
func moved(l *Log, ahead []time.Duration) *Log {
	m := *l
	m.Requests = slices.Clone(l.Requests)
	for i := range m.Requests {
		q := &m.Requests[i]
		q.Start, q.End = q.Start-ahead[q.Balancer], q.End-ahead[q.Balancer]
	}
	slices.SortStableFunc(m.Requests, func(a, b Request) int { return cmp.Compare(a.Start, b.Start) })
	return &m
}

func clockLikelihood(l *Log, ahead []time.Duration) float64 {
	all := flows(moved(l, ahead), make([][]Period, len(l.Servers)))
	slots, sharing := 0.0, 0.0
	for s := range all {
		level := make([]float64, len(all[s].start))
		f, of := all[s].partOf(clockPart, level)
		slots += f.profile((*flow).slots, of, 0).best
		sharing += f.profile((*flow).sharing, of, 0).best
	}
	return math.Max(slots, sharing)
}

// clockWords say what is known of the clocks, for the grade and for people.
func (m *Model) clockWords() (corrected string, unknown bool) {
	for b, c := range m.Clocks {
		if b == 0 {
			continue
		}
		if !c.Known {
			unknown = true
			continue
		}
		if corrected != "" {
			corrected += ", "
		}
		corrected += fmt.Sprintf("file %d: %+.0f ms", b+1, float64(c.Ahead)/1e6)
	}
	return corrected, unknown
}
