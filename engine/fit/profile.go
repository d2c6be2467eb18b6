package fit

import (
	"math"
	"slices"
	"time"
)

// Margins of log likelihood. That of a number of slots over none is what makes it known.
const (
	knownBy      = 5.0
	intervalBy   = 5.0
	delayBy      = 3.0 // more than without a delay
	disciplineBy = 10.0
	alikeBy      = 1.0 // within which numbers of slots are about as likely
)

// How many requests of a server are looked at: for the delay, which costs a profile each, and for the slots.
const (
	delayPart = 4000
	slotsPart = 20_000
)

// delays are tried as what holds no slot: the way there and back.
var delays = []float64{0, .001, .002, .003, .005, .0075, .010, .015, .020, .030, .050}

// profiled is what the likelihood says of one server under one discipline.
type profiled struct {
	best  float64 // log likelihood
	over  float64 // by how much it is above that without a limit
	slots int     // 0: no limit; that of the best
	low   int     // of the interval
	high  int     // 0: no limit
	delay float64 // seconds
	curve []Likelihood
}

// Likelihood is that of a number of slots, as a logarithm against the likeliest; 0 slots is no limit.
type Likelihood struct {
	Slots   int
	Against float64
}

func (p profiled) known() bool { return p.over > knownBy }

// serving is flow.slots or flow.sharing.
type serving func(f *flow, c int, delay float64, to services)

// vague tells whether numbers of slots are allowed that are so unlike that another policy would see the difference.
func vague(slots, low, high int) bool { return slots > 0 && high-low > max(1, slots/4) }

// settle takes for servers whose number is vague, of those about as likely, the one nearest to what the others have: where all that is there shares
// a processor, and more than it can do is always there, a slow server of many processors is like a fast one of few.
func settle(all []profiled) {
	var sharp []int
	for _, p := range all {
		if p.known() && !vague(p.slots, p.low, p.high) {
			sharp = append(sharp, p.slots)
		}
	}
	if len(sharp) == 0 {
		return
	}
	slices.Sort(sharp)
	for s := range all {
		if p := &all[s]; p.known() && vague(p.slots, p.low, p.high) {
			p.slots = p.nearest(sharp[len(sharp)/2])
		}
	}
}

// nearest is the number of slots nearest to one, of those that are about as likely as the likeliest.
func (p profiled) nearest(to int) int {
	best := p.slots
	for _, l := range p.curve {
		if l.Slots > 0 && l.Against > -alikeBy && math.Abs(float64(l.Slots-to)) < math.Abs(float64(best-to)) {
			best = l.Slots
		}
	}
	return best
}

// profiles tells how many each server serves at once, and what of all response times holds no slot: that is the
// network's, and the same for all, unless it is given. Level is by server, by request of its flow.
func profiles(flows []flow, level [][]float64, serve serving, given *time.Duration) []profiled {
	var delay float64
	if given != nil {
		delay = given.Seconds()
	} else {
		delay = delayOf(flows, level, serve)
	}
	all := make([]profiled, len(flows))
	for s := range flows {
		p, levels := flows[s].partOf(slotsPart, level[s])
		all[s] = p.profile(serve, levels, delay)
	}
	return all
}

// delayOf is the delay under which the servers together are likeliest, each with the slots that then fit it best.
func delayOf(flows []flow, level [][]float64, serve serving) float64 {
	parts, levels := make([]flow, len(flows)), make([][]float64, len(flows))
	shortest, queued := math.Inf(1), false
	most := delayBy
	for s := range flows {
		p, of := flows[s].partOf(delayPart, level[s])
		for i := range p.start {
			if p.legible[i] {
				shortest = min(shortest, p.end[i]-p.start[i])
			}
		}
		without := p.profile(serve, of, 0)
		most += without.best
		queued = queued || without.known()
		parts[s], levels[s] = p, of
	}
	best := 0.0
	for _, d := range delays[1:] {
		if d >= 0.9*shortest || !queued { // where nothing queued nothing tells it from service
			break
		}
		sum := 0.0
		for s := range parts {
			sum += parts[s].profile(serve, levels[s], d).best
		}
		if sum > most {
			best, most = d, sum
		}
	}
	return best
}

func (f *flow) partOf(n int, level []float64) (flow, []float64) {
	p := f.part(n)
	if len(p.start) == 0 {
		return p, nil
	}
	first := 0
	for f.requests[first] != p.requests[0] {
		first++
	}
	return p, level[first : first+len(p.start)]
}

// profile tries every number that may be.
func (f *flow) profile(serve serving, level []float64, delay float64) profiled {
	counts := numbers(f.most)
	x, y := newServices(len(f.start)), make([]float64, 0, len(f.start))
	l := make([]float64, len(counts))
	for i, c := range counts {
		serve(f, c, delay, x)
		l[i] = f.likelihood(x, level, y)
	}
	best := len(counts) - 1 // no limit, unless one is likelier
	for i := range counts {
		if l[i] > l[best] {
			best = i
		}
	}
	p := profiled{best: l[best], over: l[best] - l[len(l)-1], slots: counts[best], delay: delay}
	for i, c := range counts {
		p.curve = append(p.curve, Likelihood{c, l[i] - l[best]})
		if l[i] > l[best]-intervalBy {
			if p.low == 0 {
				p.low = c
			}
			p.high = c
		}
	}
	if p.low == 0 {
		p.low = f.most
	}
	return p
}

// numbers are all numbers up to twenty, then steps of an eighth below the most in flight, and 0 for no limit.
func numbers(most int) (counts []int) {
	for c := 1; c < most; {
		counts = append(counts, c)
		if c < 20 {
			c++
		} else {
			c += c / 8
		}
	}
	return append(counts, 0)
}
