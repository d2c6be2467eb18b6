package routing

import (
	"time"

	"slbtui/routing/policy"
)

// Ejector is what a pool does about servers that fail their requests, apart from the pool, for a world
// without one: virtual time. It follows the same rules, by the same code. It is not safe for concurrent use.
type Ejector struct {
	cfg     OutlierConfig
	slow    SlowStartConfig
	servers []ejectable
	out     int // how many are ejected
}

type ejectable struct {
	outlier outlier
	warming slowStart
	gone    bool // out of use for another reason
	seed    uint64
}

// NewEjector returns an ejector of so many servers, none of which is out.
func NewEjector(servers int, cfg OutlierConfig, slow SlowStartConfig, seed uint64) *Ejector {
	e := &Ejector{cfg: cfg, slow: slow, servers: make([]ejectable, servers)}
	for i := range e.servers {
		e.servers[i].seed = seed + uint64(i)
	}
	return e
}

// Record takes in what became of a request at a server.
func (e *Ejector) Record(server int, o policy.Outcome) {
	s := &e.servers[server]
	if s.outlier.record(o, &e.cfg) && float64(e.out+1) <= e.cfg.MaxEjectedShare*float64(len(e.servers)) {
		s.outlier.eject(o.Now, &e.cfg)
		s.warming.leave(o.Now)
		e.out++
	}
}

// Leave takes note that a server has gone otherwise: because its health says so, or out of rotation.
func (e *Ejector) Leave(server int, now time.Duration) {
	s := &e.servers[server]
	s.gone = true
	s.warming.leave(now)
}

// Return takes note that such a server is back, and begins its slow start.
func (e *Ejector) Return(server int, now time.Duration) {
	s := &e.servers[server]
	s.gone = false
	e.warm(s, now)
}

func (e *Ejector) warm(s *ejectable, now time.Duration) {
	if !s.gone && !s.outlier.ejected {
		s.warming.begin(now, e.slow.Window, s.seed)
	}
}

// Apply makes those servers of a view unavailable that are ejected or held back by their slow start,
// unless too few would be left.
func (e *Ejector) Apply(v policy.View) {
	usable := 0
	for i := range v.Servers {
		s := &e.servers[i]
		if s.outlier.due(v.Now) {
			s.outlier.restore(v.Now, &e.cfg)
			e.warm(s, v.Now)
			e.out--
		}
		if v.Servers[i].Available && !s.outlier.ejected {
			usable++
		}
	}
	panics := float64(usable) < e.cfg.PanicThreshold*float64(len(v.Servers))
	for i := range v.Servers {
		s := &e.servers[i]
		if !v.Servers[i].Available {
			continue
		}
		if s.outlier.ejected && !panics {
			v.Servers[i].Available = false
		} else if usable > 1 && !s.warming.admits(v.Now) {
			v.Servers[i].Available = false
			usable--
		}
	}
}
