package score

import (
	"math"
	"time"

	"slbtui/routing/policy"
)

// halfLife is the time in which an answer loses half its weight, and in which what is known of a server that
// answers no more loses half its value: one that is avoided is tried again.
const halfLife = 5 * time.Second

// record is what a policy has seen of one server. The zero value has seen nothing.
type record struct {
	picked time.Duration // the latest decision for it
	last   time.Duration // the latest answer
	known  bool          // there was one

	answers, failures float64 // by weight
	sumMS, timed      float64 // of the response times, by weight, and their weights
	peak              float64 // ms, as of last
}

// add takes note of an outcome that is a measurement or a failure. A failure counts as a response time only
// where it is above the mean: who fails fast has not become fast, and who lets requests time out is slow.
func (r *record) add(o policy.Outcome) {
	ms, failed := milliseconds(o.Latency), o.Failed()
	now := max(o.Now, r.last)
	slower := ms > r.meanMS(now)
	keep := fade(now - r.last)
	r.answers, r.failures, r.sumMS, r.timed = r.answers*keep, r.failures*keep, r.sumMS*keep, r.timed*keep
	r.peak = max(ms, keep*r.peak+(1-keep)*ms)
	r.answers++
	if failed {
		r.failures++
	}
	if !failed || slower || r.timed == 0 {
		r.sumMS += ms
		r.timed++
	}
	r.last, r.known = now, true
}

func (r *record) meanMS(now time.Duration) float64 { return r.faded(now, r.sumMS, r.timed) }

func (r *record) peakMS(now time.Duration) float64 { return r.faded(now, r.peak, 1) }

func (r *record) failureRate(now time.Duration) float64 { return r.faded(now, r.failures, r.answers) }

// faded is sum/weight, less the time since the last answer.
func (r *record) faded(now time.Duration, sum, weight float64) float64 {
	if sum == 0 || weight == 0 {
		return 0
	}
	return sum / weight * fade(now-r.last)
}

func fade(age time.Duration) float64 {
	if age <= 0 {
		return 1
	}
	return math.Exp2(-float64(age) / float64(halfLife))
}
