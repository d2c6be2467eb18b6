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
	stalled   time.Duration // until then nothing starts and nothing is answered; 0 when it works
	life      uint32        // counts crashes: what a former life began never ends

	busy  int
	queue fifo

	worked  float64       // slot-seconds of work since the last poll
	counted time.Duration // up to when
}

// suffer puts the faults in force at now into effect.
func (s *station) suffer(faults []Fault, now time.Duration) {
	s.slow, s.errorRate, s.delay, s.crashed, s.stalled = 1, 0, 0, false, 0
	for i := range faults {
		f := &faults[i]
		if f.Server != s.ID || now < f.At || now >= f.end() {
			continue
		}
		if f.Slow > 0 {
			s.slow *= f.Slow
		}
		if f.Stall {
			s.stalled = max(s.stalled, f.end())
		}
		s.errorRate = max(s.errorRate, f.ErrorRate)
		s.delay += f.Delay
		s.crashed = s.crashed || f.Crash
	}
}

// free tells whether a request would start at once.
func (s *station) free() bool {
	return s.stalled == 0 && (s.Workers == 0 || s.busy < s.Workers)
}

// meanMS is the expected service time of a request that starts now.
func (s *station) meanMS() float64 { return s.BaseDelayMS * s.slow }

// service is the service time of a request of this size that starts now.
func (s *station) service(size float64) time.Duration {
	ms := s.meanMS() * math.Exp(s.Sigma*size-s.Sigma*s.Sigma/2)
	return time.Duration(ms * float64(time.Millisecond))
}

// occupy changes the number of busy slots and keeps account of the work done with the old one.
func (s *station) occupy(now time.Duration, change int) {
	s.worked += float64(s.busy) * (now - s.counted).Seconds()
	s.counted = now
	s.busy += change
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

// fifo is a queue in a ring that grows and is used again.
type fifo struct {
	ring  []flightRef
	first int
	n     int
}

func (q *fifo) push(r flightRef) {
	if q.n == len(q.ring) {
		grown := make([]flightRef, max(8, 2*q.n))
		for i := range q.n {
			grown[i] = q.ring[(q.first+i)%len(q.ring)]
		}
		q.ring, q.first = grown, 0
	}
	q.ring[(q.first+q.n)%len(q.ring)] = r
	q.n++
}

// pop takes the first. The queue must not be empty.
func (q *fifo) pop() flightRef {
	r := q.ring[q.first]
	q.first = (q.first + 1) % len(q.ring)
	q.n--
	return r
}

func (q *fifo) clear() { q.n, q.first = 0, 0 }
