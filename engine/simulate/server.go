package simulate

import (
	"math"
	"time"
)

// station is a server in the world.
type station struct {
	Server
	slow      float64
	errorRate float64
	delay     time.Duration
	crashed   bool
	out       bool
	stalled   time.Duration // until then nothing starts and nothing is answered; 0 when it works
	life      uint32        // counts crashes: what a former life began never ends

	busy      int // in service: never more than the workers, unless they are shared
	queue     fifo
	processor processor // with discipline Sharing
	weight    float64   // sum of the factors of those in service and queued
	bucket    bucket    // of a limit

	worked  float64       // slot-seconds of work since the last poll
	counted time.Duration // up to when
}

// suffer puts the faults in force at now into effect.
func (s *station) suffer(faults []Fault, now time.Duration) {
	s.slow, s.errorRate, s.delay, s.crashed, s.stalled, s.out = 1, 0, 0, false, 0, false
	for i := range faults {
		f := &faults[i]
		if f.Server != s.ID || now < f.At || now >= f.End() {
			continue
		}
		if f.Slow > 0 {
			s.slow *= f.Slow
		}
		if f.Stall {
			s.stalled = max(s.stalled, f.End())
		}
		s.errorRate = max(s.errorRate, f.ErrorRate)
		s.delay += f.Delay
		s.crashed = s.crashed || f.Crash
		s.out = s.out || f.Out
	}
}

// free tells whether a request would start at once.
func (s *station) free() bool {
	return s.stalled == 0 && (s.Workers == 0 || s.busy < s.Workers)
}

// occupy changes the number of busy slots and keeps account of the work done with the old one.
func (s *station) occupy(now time.Duration, change int) {
	s.worked += float64(s.working()) * (now - s.counted).Seconds()
	s.counted = now
	s.busy += change
}

// working is how many workers have something to do.
func (s *station) working() int {
	if s.Workers == 0 {
		return s.busy
	}
	return min(s.busy, s.Workers)
}

// utilisation is the busy share of the slots since the last call, in percent; -1 when there is no
// limit to take a share of.
func (s *station) utilisation(now, since time.Duration) float64 {
	s.occupy(now, 0)
	worked := s.worked
	s.worked = 0
	if s.Workers == 0 || now <= since {
		return -1
	}
	return min(100, 100*worked/(float64(s.Workers)*(now-since).Seconds()))
}

// job is a request at a server, and the factor on its service time: the server serves it to its end even
// when nobody awaits it any more.
type job struct {
	ref    flightRef
	factor float64
}

// fifo is a queue in a ring that grows and is used again.
type fifo struct {
	ring  []job
	first int
	n     int
}

func (q *fifo) push(j job) {
	if q.n == len(q.ring) {
		grown := make([]job, max(8, 2*q.n))
		for i := range q.n {
			grown[i] = q.ring[(q.first+i)%len(q.ring)]
		}
		q.ring, q.first = grown, 0
	}
	q.ring[(q.first+q.n)%len(q.ring)] = j
	q.n++
}

// pop takes the first. The queue must not be empty.
func (q *fifo) pop() job {
	j := q.ring[q.first]
	q.first = (q.first + 1) % len(q.ring)
	q.n--
	return j
}

func (q *fifo) clear() { q.n, q.first = 0, 0 }

// maxService bounds a draw: neither distribution has an upper end, and slowdowns and factors multiply it.
const maxService = 1000 * time.Hour

// meanMS is the expected service time of an ordinary request that starts now.
func (s *station) meanMS() float64 { return s.BaseDelayMS * s.slow }

// service is the service time of a request of this size and factor that starts now.
func (s *station) service(size, factor float64) time.Duration {
	var stretch float64
	if s.Pareto > 0 {
		stretch = pareto(s.Pareto, size)
	} else {
		stretch = math.Exp(s.Sigma*size - s.Sigma*s.Sigma/2)
	}
	return time.Duration(min(s.meanMS()*stretch*factor*float64(time.Millisecond), float64(maxService)))
}

// pareto is the quantile of a Pareto distribution of that exponent a and mean 1 at which a standard
// normal has the size: with the tail 1-Φ(size) it is x·tail^(-1/a), and x = (a-1)/a makes the mean 1. So
// a request that is long at a lognormal server is long here as well.
func pareto(exponent, size float64) float64 {
	tail := math.Erfc(size/math.Sqrt2) / 2
	return (exponent - 1) / exponent * math.Pow(tail, -1/exponent)
}
