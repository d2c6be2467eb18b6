package backends

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/backends/fault"
)

// retryListen is the pause between attempts to get the port back after a crash.
const retryListen = 100 * time.Millisecond

// Server is a simulated web server. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	listen ListenFunc
	log    *slog.Logger
	bodies bodies

	faults  faults
	service *service
	slots   slots
	cores   cores // instead, where the workers are shared
	limit   bucket
	recent  recent
	timers  timers

	active, served, failed atomic.Int64
	up                     atomic.Bool // listening and serving

	mu    sync.Mutex
	addr  string
	ready net.Listener // bound by Listen, not yet served
}

// New returns a server that does not listen yet. It fails when cfg is out of range.
func New(cfg Config, opts ...Option) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		cfg:     cfg,
		listen:  net.Listen,
		log:     slog.New(slog.DiscardHandler),
		bodies:  newBodies(cfg.ID),
		service: newService(cfg),
		slots:   slots{total: cfg.Workers},
		cores:   cores{total: cfg.Workers},
		limit:   bucket{rate: cfg.Limit},
		addr:    net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)),
	}
	s.faults.init(func(now *suffering) { s.cores.stall(now.Stall) })
	for _, o := range opts {
		o(s)
	}
	return s, nil
}

// Listen binds the server's address; call it once, before Serve. The error wraps the system's, such
// as syscall.EADDRINUSE. Serve closes the listener, also when its context has ended already.
func (s *Server) Listen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready != nil {
		return fmt.Errorf("server %q: already listening on %s", s.cfg.ID, s.addr)
	}
	ln, err := s.listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("server %q: listen on %s: %w", s.cfg.ID, s.addr, err)
	}
	s.ready, s.addr = ln, ln.Addr().String()
	return nil
}

// Addr returns host:port; with Port 0 the port is known only after Listen.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addr
}

// SetFault adds to what the server suffers: the fields of f that are set replace those in force,
// together with how long they last, and the others stay. Values that make no sense (NaN, below 0)
// count as not set. It takes effect at once, before Serve too.
func (s *Server) SetFault(f fault.Span) { s.faults.set(f) }

// ClearFaults heals the server.
func (s *Server) ClearFaults() { s.faults.clear() }

// Faults returns what the server suffers now, one kind at a time: the For of each is what is left of
// it, above 0, or 0 when it lasts until cleared.
func (s *Server) Faults() []fault.Span {
	now := time.Now()
	return s.faults.now.Load().at(now).each(now)
}

// Serve answers requests until ctx ends, and through crashes. Then it heals the server, gives the
// requests in progress a second, cuts the rest, and returns nil once everything it started has
// ended. It fails when Listen has not been called, or when the listener breaks.
//
// A port lost during a crash is tried again until it is free.
func (s *Server) Serve(ctx context.Context) error {
	s.mu.Lock()
	ln := s.ready
	s.ready = nil
	s.mu.Unlock()
	if ln == nil {
		return fmt.Errorf("server %q: serve without a listener; call Listen once before each Serve", s.cfg.ID)
	}
	l := s.live(ln)
	wake := time.NewTimer(0)
	defer wake.Stop()
	lost := false // the port, to someone else
	for {
		f := s.faults.expire()
		switch {
		case f.Crash && l == nil:
			lost = false
		case f.Crash && l != nil:
			l.kill()
			l = nil
			s.recent.forget()
		case !f.Crash && l == nil:
			var err error
			if l, err = s.revive(); err != nil && !lost {
				s.log.Warn("port not free after a crash; trying until it is", "server", s.cfg.ID, "err", err)
			}
			lost = err != nil
		}

		var alarm <-chan time.Time
		if d, ok := wait(f.next(), lost); ok {
			wake.Reset(d)
			alarm = wake.C
		}
		var broken <-chan error
		if l != nil {
			broken = l.broken
		}
		select {
		case <-ctx.Done():
			s.faults.clear()
			if l != nil {
				l.drain()
			}
			return nil
		case <-f.replaced:
		case <-alarm:
		case err := <-broken:
			l.kill()
			return fmt.Errorf("server %q: accept on %s: %w", s.cfg.ID, s.Addr(), err)
		}
	}
}

// wait returns how long Serve may sleep, and false when nothing but a change can end the sleep.
func wait(next time.Time, retry bool) (time.Duration, bool) {
	switch {
	case next.IsZero():
		return retryListen, retry
	case retry:
		return min(time.Until(next), retryListen), true
	}
	return time.Until(next), true
}

// revive listens again where the server listened before.
func (s *Server) revive() (*life, error) {
	ln, err := s.listen("tcp", s.Addr())
	if err != nil {
		return nil, err
	}
	return s.live(ln), nil
}

// load returns the number of busy workers, and of the requests beyond them.
func (s *Server) load() (busy, queued int) {
	if s.cfg.Sharing {
		return s.cores.load()
	}
	return s.slots.load()
}

// Condition is what decides how long a request that arrives now would take.
type Condition struct {
	Busy      int           // worker slots in use
	Queued    int           // requests waiting for a slot, or beyond the workers that all share
	Fault     fault.Fault   // in force now
	StallLeft time.Duration // of a stall, 0 when there is none or it lasts until cleared
}

// Condition returns that of now. It is cheap enough for every few requests.
func (s *Server) Condition() Condition {
	now := time.Now()
	f := s.faults.now.Load().at(now)
	c := Condition{Fault: f.Fault}
	c.Busy, c.Queued = s.load()
	if end := f.until[fault.Stall]; !end.IsZero() {
		c.StallLeft = end.Sub(now)
	}
	return c
}

// Status is a server's own view of itself.
type Status struct {
	Busy          int           // worker slots in use
	Queued        int           // requests waiting for a slot
	Workers       int           // worker slots
	Active        int           // requests not yet answered: in service, queued, delayed or stalled
	Utilisation   float64       // Busy / Workers, 0-1
	AvgResponseMS float64       // of the last 100 served requests, and only of the last 10 s; 0 when there is none
	Health        string        // Healthy, Degraded or Unhealthy; "" while nobody could ask, as in a crash
	Fault         fault.Fault   // in force now
	FaultLeft     time.Duration // until the last of the faults ends by itself; 0 when one lasts until cleared
	Served        uint64        // answered with 200
	Failed        uint64        // answered with 5xx, or cut off in progress
}

// Status returns the state of now.
func (s *Server) Status() Status {
	now := time.Now()
	busy, queued := s.load()
	f := s.faults.now.Load().at(now)
	st := Status{
		Busy:          busy,
		Queued:        queued,
		Workers:       s.cfg.Workers,
		Active:        int(s.active.Load()),
		Utilisation:   float64(busy) / float64(s.cfg.Workers),
		AvgResponseMS: s.recent.average(now),
		Fault:         f.Fault,
		FaultLeft:     f.left(now),
		Served:        uint64(s.served.Load()),
		Failed:        uint64(s.failed.Load()),
	}
	if s.up.Load() && !f.Crash {
		st.Health = assess(100*st.Utilisation, st.Active, st.AvgResponseMS)
	}
	return st
}
