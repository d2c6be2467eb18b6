package flow

import "time"

// Dots are requests on their way, one for many. The zero value has none; it is told the time with every
// Draw. All of it follows from what was drawn before: there is no chance and no clock in it.
type Dots struct {
	at     time.Duration
	all    []dot
	due    float64   // of the next one that sets off, 0-1
	credit []float64 // of each branch: the one with most gets the next
	per    float64   // requests that a dot stands for
}

// dot is one of them: how far it is on its way to a branch, in cells.
type dot struct {
	branch int
	way    float64
}

const (
	speed    = 16 // cells a second
	mostDots = 4  // that set off in a second
	fewDots  = 1.2
	mostRate = 1e12 // requests/s; more is no rate

	longPause = 10 // seconds, in which all arrive
)

// Each is how many requests a dot stands for, 0 while none travels.
func (d *Dots) Each() float64 {
	if d.at == 0 {
		return 0
	}
	return d.per
}

// move brings the dots to where they are at a time; 0 holds them where they stand.
func (d *Dots) move(at time.Duration, p *Picture, g *geometry) {
	if at == 0 {
		*d = Dots{}
		return
	}
	passed := min((at - d.at).Seconds(), longPause)
	if d.at == 0 || len(d.credit) != len(p.Branches) || passed < 0 {
		d.begin(p, g)
		passed = 0
	}
	d.at = at
	d.sample(p.Rate)
	kept := d.all[:0]
	for _, dot := range d.all {
		if dot.way += passed * speed; dot.way < float64(g.way(dot.branch)) {
			kept = append(kept, dot)
		}
	}
	d.all = kept
	d.send(p, passed)
}

// begin lets dots be all along, as if they had been coming for long.
func (d *Dots) begin(p *Picture, g *geometry) {
	*d = Dots{credit: make([]float64, len(p.Branches)), all: d.all[:0]}
	d.sample(p.Rate)
	longest := 0
	for i := range p.Branches {
		longest = max(longest, g.way(i))
	}
	d.send(p, float64(longest)/speed)
	kept := d.all[:0]
	for _, dot := range d.all {
		if dot.way < float64(g.way(dot.branch)) {
			kept = append(kept, dot)
		}
	}
	d.all = kept
}

// send lets those set off that were due in the time that has passed.
func (d *Dots) send(p *Picture, passed float64) {
	if !(p.Rate > 0 && p.Rate <= mostRate) {
		return
	}
	rate := p.Rate / d.per
	for d.due += passed * rate; d.due >= 1; d.due-- {
		if to := d.next(p); to >= 0 {
			d.all = append(d.all, dot{to, (d.due - 1) / rate * speed})
		}
	}
}

// next is the branch whose turn it is: each gets as many as its rate says, evenly.
func (d *Dots) next(p *Picture) int {
	best, sum := -1, 0.0
	for i := range p.Branches {
		if p.Branches[i].State == Broken {
			d.credit[i] = 0
			continue
		}
		sum += p.Branches[i].Rate
		d.credit[i] += p.Branches[i].Rate
		if p.Branches[i].Rate > 0 && (best < 0 || d.credit[i] > d.credit[best]) {
			best = i
		}
	}
	if best >= 0 {
		d.credit[best] -= sum
	}
	return best
}

// sample chooses how many requests a dot stands for, and stays with it as long as there are neither too many
// nor too few of them.
func (d *Dots) sample(rate float64) {
	if d.per > 0 && rate/d.per <= mostDots && (rate/d.per >= fewDots || d.per == 1) {
		return
	}
	d.per = 1
	for i := 0; rate/d.per > mostDots && rate <= mostRate; i++ {
		d.per *= [3]float64{2, 2.5, 2}[i%3] // 1, 2, 5, 10, ...
	}
}
