package factored

import (
	"math"
	"time"
)

// others is what a balancer thinks that each server holds for other balancers. They see the same servers and want
// the same of them, so what it has there itself, on average, so has each of the others. With n of its
// own requests there now, n̄ its mean over some five seconds, and N balancers, it thinks of
//
//	G = (N-1)·(1-2/N)·n̄          where none of them tells, rounded
//	F + u·G + a·(N-1)·(n - n̄)    where they do: F is a fading mean of what they told, a = 0.4·min(1, sqrt(3/servers))
//
// The factor 1-2/N leaves out that of few balancers each sees most of what happens by itself: what it takes for the
// others' load then is more noise than news. With sixteen balancers the mean falls by a tenth. In the second
// line u is the share of F that no report has filled yet: who has just begun to listen goes on thinking as before.
// Its last term is against herds: what this one has just begun to do, for reasons that all can see, the others have
// begun to do as well, long before they tell. Where ten share, one request more of one's own is nothing beside
// the sixty there are, and all would stay with the same server until the mean has moved. Among many servers each
// balancer soon has others of its own choice, and what it has at one says less.
//
// Such a mean is no whole number, and is not made one: between two levels the table is read in proportion (between).
type others struct {
	mean  float64 // n̄
	since float64 // seconds
}

const (
	othersSeconds = 5.0
	alike         = 0.4       // of what a balancer has beyond its mean, what each of the others is taken to have, too
	flattened     = 2.0 / 3.0 // see unseen
)

// see averages over time: weights fall by e every othersSeconds.
func (o *others) see(now, inFlight float64) {
	o.mean += (1 - math.Exp(-max(0, now-o.since)/othersSeconds)) * (max(0, inFlight) - o.mean)
	o.since = now
}

// held is how many requests a server is thought to hold, those of others included.
func (f *Learner) held(loads Loads, l *ServerLoad, s *column) float64 {
	own := float64(max(l.InFlight, 0))
	if !l.told() && f.cfg.Balancers == 1 {
		return own
	}
	return own + f.foreign(loads, l, s.others.mean)
}

// foreign is what others are thought to have, by the own mean and what they told.
func (f *Learner) foreign(loads Loads, l *ServerLoad, mean float64) float64 {
	others := float64(f.cfg.Balancers - 1)
	guess := others * (1 - 2/(others+1)) * mean
	if !l.told() {
		return math.Round(guess)
	}
	like := alike * math.Sqrt(min(1, fewServers/float64(len(f.servers))))
	return max(0, l.Foreign+loads.Unheard()*guess+like*others*(float64(l.InFlight)-mean))
}

// unseen is what the social weight is multiplied by where others tell. Of the requests at a server a balancer then sees
// one in N as they are and the rest as a mean, and a curve over counts that are off is flatter than over true ones
// (attenuation; Fuller, "Measurement error models", 1987), so that its slope is taken for more:
//
//	1 + 2/3·(N-1)/N
//
// For who sees all of them, more would gain nothing.
func (f *Learner) unseen() float64 {
	n := float64(f.cfg.Balancers)
	return 1 + flattened*(n-1)/n
}

// witness takes note of what a view shows of a server: who went away or came back, and the own load.
func (f *Learner) witness(now time.Duration, s *column, l *ServerLoad) {
	if s.trouble.away == l.Available { // it went, or came back
		s.seen(now.Seconds(), l.Available)
	}
	if f.cfg.Balancers > 1 {
		s.others.see(now.Seconds(), float64(l.InFlight))
	}
}
