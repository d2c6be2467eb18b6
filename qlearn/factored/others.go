package factored

import (
	"math"
	"time"
)

// others is what a balancer thinks that each server holds for other balancers. They see the same servers and want
// the same of them, so what it has there itself, on average, so has each of the others. With n of its
// own requests there now, n̄ its mean over some five seconds, and N balancers, it thinks of
//
//	(N-1)·(1-2/N)·n̄          where none of them tells
//	F + 0.3·(N-1)·(n - n̄)    where they do: F is a fading mean of what they told
//
// The factor 1-2/N leaves out that of few balancers each sees most of what happens by itself: what it takes for the
// others' load then is more noise than news. With sixteen balancers the mean falls by a tenth. The second
// line is against herds: what this one has just begun to do, for reasons that all can see, the others have
// begun to do as well, long before they tell. Where ten share, one request more of one's own is nothing beside
// the sixty there are, and all would stay with the same server until the mean has moved.
type others struct {
	mean  float64 // n̄
	since float64 // seconds
}

const (
	othersSeconds = 5.0
	alike         = 0.3 // of what a balancer has beyond its mean, what each of the others is taken to have, too
)

// see averages over time: weights fall by e every othersSeconds.
func (o *others) see(now, inFlight float64) {
	o.mean += (1 - math.Exp(-max(0, now-o.since)/othersSeconds)) * (max(0, inFlight) - o.mean)
	o.since = now
}

// load is that of one server, with what others are thought to have there.
func (f *Learner) load(loads Loads, server int) ServerLoad {
	l, others := loads.Load(server), float64(f.cfg.Balancers-1)
	switch mean := f.servers[server].others.mean; {
	case others == 0: // alone
	case l.Foreign < 0:
		l.Foreign = int(math.Round(others * (1 - 2/(others+1)) * mean))
	default:
		l.Foreign = max(0, l.Foreign+int(math.Round(alike*others*(float64(l.InFlight)-mean))))
	}
	return l
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
