package factored

import (
	"math"
	"time"
)

// others is what a balancer thinks that each server holds for other balancers when none of them tells. They
// see the same servers and want the same of them, so what it has there itself, on average, so has each of
// the others. With n̄ its own mean over some five seconds, and N balancers,
//
//	others = (N-1)·(1-2/N)·n̄
//
// The factor leaves out that of few balancers each sees most of what happens by itself: what it takes for the
// others' load then is more noise than news. With sixteen balancers the mean falls by a tenth.
type others struct {
	mean  float64 // n̄
	since float64 // seconds
}

const othersSeconds = 5.0

// see averages over time: weights fall by e every othersSeconds.
func (o *others) see(now, inFlight float64) {
	o.mean += (1 - math.Exp(-max(0, now-o.since)/othersSeconds)) * (max(0, inFlight) - o.mean)
	o.since = now
}

// load is that of one server, with what others are thought to have there.
func (f *Learner) load(loads Loads, server int) ServerLoad {
	l := loads.Load(server)
	if n := float64(f.cfg.Balancers); l.Foreign < 0 && n > 1 {
		l.Foreign = int(math.Round((n - 1) * (1 - 2/n) * f.servers[server].others.mean))
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
