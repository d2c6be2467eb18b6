package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// MaxFactor is the largest Class.Factor.
const MaxFactor = 1000

const (
	maxHold   = time.Hour
	shareSlip = 1e-6 // by which the shares may miss 1: thirds are not decimal
)

// Class is a kind of requests. No policy sees which one a request belongs to.
type Class struct {
	Share  float64       // of all requests, above 0; the shares of a scenario add up to 1
	Factor float64       // on the service time, above 0, at most 1000; 0 is 1
	Hold   time.Duration // mean time, exponential, that an answer streams on after its beginning, holding no slot; 0: it does not
	// Whole tells that the policy hears of an answer that streams at its end, as of any body, and not at
	// its beginning, as of events; unless routing.SettleAfter ends the wait before.
	Whole bool
}

func (c Class) validate() error {
	switch {
	case !(c.Share > 0 && c.Share <= 1):
		return problem("share", "%v is not a share of the requests, above 0, at most 1", c.Share)
	case !(c.Factor >= 0 && c.Factor <= MaxFactor):
		return badFactor("factor", c)
	case c.Hold < 0 || c.Hold > maxHold:
		return problem("hold", "%v is not within 0-%v", c.Hold, maxHold)
	case c.Whole && c.Hold == 0:
		return problem("whole", "an answer that does not stream is always heard of at its end: give hold, too")
	}
	return nil
}

func badFactor(key string, c Class) error {
	return problem(key, "%v is not a factor, above 0, at most %d", c.Factor, MaxFactor)
}

func (s Scenario) validateClasses() error {
	if len(s.Classes) == 0 {
		if s.Blind {
			return problem("blind", "there are no classes to tell apart")
		}
		return nil
	}
	sum := 0.0
	for i, c := range s.Classes {
		if err := c.validate(); err != nil {
			return under(fmt.Sprintf("classes[%d]", i), err)
		}
		sum += c.Share
	}
	if math.Abs(sum-1) > shareSlip {
		return problem("classes", "the shares add up to %.6g, not to 1", sum)
	}
	return nil
}

// MeanFactor is the mean factor of all requests on the service time; 1 without classes.
func (s Scenario) MeanFactor() float64 {
	if len(s.Classes) == 0 {
		return 1
	}
	sum := 0.0
	for _, c := range s.Classes {
		sum += c.Share * factor(c.Factor)
	}
	return sum
}

// deck deals classes. It has a generator of its own, so that what else belongs to a request is the same
// with classes and without.
type deck struct {
	classes []Class
	rng     *rand.Rand
}

func newDeck(classes []Class, seed uint64) deck {
	return deck{classes: classes, rng: rand.New(rand.NewPCG(seed, streamClasses))}
}

// deal gives a request its class.
func (d *deck) deal(r *request) {
	r.factor = 1
	if len(d.classes) == 0 {
		return
	}
	at, long := d.rng.Float64(), d.rng.ExpFloat64()
	last := len(d.classes) - 1
	c := &d.classes[last]
	for i := range d.classes[:last] {
		if at -= d.classes[i].Share; at < 0 {
			c = &d.classes[i]
			break
		}
	}
	r.factor, r.whole = factor(c.Factor), c.Whole
	r.hold = time.Duration(long * float64(c.Hold))
}
