package factored

import (
	"math"
	"time"
)

// Service is what the table says of a server as a queue: see curve.
type Service struct {
	MeanMS   float64 // response time while it is idle, by its table; 0 when never measured
	Slots    float64 // requests that it serves at once: the median of what is likely; +Inf when it never queues
	Spread   float64 // standard deviation of the logarithm of its response times
	Speed    float64 // factor on MeanMS, above 1 while the server is slower than its table
	Measured uint64  // measurements behind it
	Failing  float64 // share of its latest outcomes that count against it: failures, and refusals that are its own; fades in 5 s
}

// Services describes every server as of now.
func (f *Learner) Services(now time.Duration) []Service {
	out := make([]Service, len(f.servers))
	for i := range out {
		s := &f.servers[i]
		out[i] = Service{Spread: s.drift.spread, Speed: s.drift.speed(now.Seconds()), Measured: s.measured}
		if tr := &s.trouble; tr.any {
			out[i].Failing = tr.failures.at(now.Seconds()) + f.refusing(tr, now.Seconds())
		}
		if s.measured > 0 {
			out[i].MeanMS, out[i].Slots = f.scaleOfServer(s), s.curve.slots()
		}
	}
	return out
}

// slots is the median slot count. Counts that were never filled are all as likely, so without
// queueing it is well above the most requests ever in flight.
func (c *curve) slots() float64 {
	sum := 0.0
	for j, odds := range c.odds {
		if sum += odds; sum >= 0.5 {
			return slotGrid[j]
		}
	}
	return math.Inf(1)
}
