package simulate

import (
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// Health polling: see the package comment.
const (
	pollEvery = time.Second
	pollFirst = time.Second / 2
	pollRise  = 2
	pollFall  = 2
)

// balancer is what one proxy knows of the servers by itself, and its policy.
type balancer struct {
	policy  policy.Policy
	flights []routing.Tracker       // by server
	average []routing.FadingAverage // by server
	view    []policy.ServerView     // scratch of a pick
	ejector *routing.Ejector        // nil ejects nobody
	foreign *routing.ForeignLoad    // what the others told; nil: they tell nothing
	means   []float64               // scratch of a pick
	health  int                     // of world.health, that it goes by
}

func newBalancer(p policy.Policy, servers int, ejector *routing.Ejector) balancer {
	return balancer{
		ejector: ejector,
		policy:  p,
		flights: make([]routing.Tracker, servers),
		average: make([]routing.FadingAverage, servers),
		view:    make([]policy.ServerView, servers),
	}
}

// look fills the view of now. The server except, if there is one, must not be picked.
func (b *balancer) look(now time.Duration, h *health, except int) policy.View {
	for i := range b.view {
		b.view[i] = policy.ServerView{
			InFlight:   b.flights[i].InFlight(),
			Streaming:  b.flights[i].Streaming(),
			OldestAge:  b.flights[i].OldestAge(now),
			Available:  h.servers[i].usable() && i != except,
			Reachable:  h.servers[i].reachable,
			CPU:        h.servers[i].cpu,
			ResponseMS: b.average[i].At(now),
			Weight:     h.servers[i].weight,
		}
	}
	v := policy.View{Now: now, Servers: b.view}
	if b.foreign != nil {
		b.means = b.foreign.At(now, b.means[:0])
		v.Foreign, v.Unheard = b.means, b.foreign.Unheard()
	}
	if b.ejector != nil {
		b.ejector.Apply(v)
	}
	return v
}

// health is what polling has told the balancers so far.
type health struct {
	servers []healthOfServer
	reports [][]healthReport // on their way, oldest first
	spare   [][]healthReport // to be filled again
}

type healthOfServer struct {
	available, reachable bool
	out                  bool // of rotation, whatever its health
	cpu                  float64
	weight               float64
	successes, failures  int // in a row
}

func (s *healthOfServer) usable() bool { return s.available && !s.out }

type healthReport struct {
	up  bool
	cpu float64
}

func newHealth(servers []station) health {
	h := health{servers: make([]healthOfServer, len(servers))}
	for i := range servers {
		up := !servers[i].crashed
		weight := servers[i].Weight
		if weight == 0 {
			weight = 1
		}
		h.servers[i] = healthOfServer{available: up, reachable: up, out: servers[i].out, cpu: -1, weight: weight}
	}
	return h
}

// poll takes in what every server said, of whom some are cut off. It takes effect with arrive.
func (h *health) poll(said []healthReport, cut []bool) {
	var r []healthReport
	if n := len(h.spare); n > 0 {
		r, h.spare = h.spare[n-1][:0], h.spare[:n-1]
	}
	r = append(r, said...)
	for i := range cut {
		r[i].up = r[i].up && !cut[i]
	}
	h.reports = append(h.reports, r)
}

// arrive lets the oldest poll on its way take effect, and calls back for each server that it takes out or
// brings back.
func (h *health) arrive(turned func(server int32)) {
	r := h.reports[0]
	h.reports = h.reports[:copy(h.reports, h.reports[1:])]
	h.spare = append(h.spare, r)
	for i, report := range r {
		s := &h.servers[i]
		s.reachable = report.up
		if report.up {
			s.successes, s.failures = s.successes+1, 0
			s.cpu = report.cpu
		} else {
			s.successes, s.failures = 0, s.failures+1
		}
		if s.successes >= pollRise && !s.available {
			s.available = true
			turned(int32(i))
		}
		if s.failures >= pollFall && s.available {
			s.available = false
			turned(int32(i))
		}
	}
}
