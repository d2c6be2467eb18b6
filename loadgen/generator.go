package loadgen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// errRanBefore is Run's answer to a second call.
var errRanBefore = errors.New("load generator: it has run before; make a new one")

// errNoRate is SetRate's answer where the rate is not the generator's own.
var errNoRate = errors.New("load generator: its requests come from a schedule or a closed loop: there is no rate to change")

// Generator sends requests when they are due. Its methods are safe for concurrent use.
type Generator struct {
	cfg      Config
	requests *requests
	rec      *recorder
	inFlight sync.WaitGroup // the goroutines of those requests
	wake     chan struct{}  // tells the scheduler that the next arrival may have moved

	mu       sync.Mutex // guards what follows
	arrivals *Arrivals  // nil in a closed loop, or when the schedule is the caller's own
	due      Schedule   // nil in a closed loop
	start    time.Time  // of Run; zero before
	rate     float64
	shape    Shape // over the time of the run
	paused   bool
	finished bool
}

// New checks cfg and fills in its defaults. It starts nothing.
func New(cfg Config) (*Generator, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("load generator: %w", err)
	}
	reqs, err := newRequests(cfg)
	if err != nil {
		return nil, fmt.Errorf("load generator: %w", err)
	}
	g := &Generator{
		cfg:      cfg,
		requests: reqs,
		rec:      newRecorder(),
		wake:     make(chan struct{}, 1),
		due:      cfg.Schedule,
		rate:     cfg.Rate,
		shape:    cfg.Shape,
	}
	if cfg.ownArrivals() {
		rate := cfg.Rate
		if g.paused = cfg.Paused; g.paused {
			rate = 0
		}
		if g.arrivals, err = NewArrivals(cfg.Arrivals, rate, cfg.Shape, cfg.Seed); err != nil {
			return nil, fmt.Errorf("load generator: %w", err)
		}
		g.due = g.arrivals
	}
	return g, nil
}

// Run sends requests until ctx ends, the duration is over or the Schedule has no more, waits up to Config.Drain for those in
// flight, cancels the rest, and returns when all goroutines have ended. It returns nil, unless it
// has run before or a callback or the transport panicked, which ends the run. It runs once.
func (g *Generator) Run(ctx context.Context) error {
	g.mu.Lock()
	if !g.start.IsZero() {
		g.mu.Unlock()
		return errRanBefore
	}
	g.start = time.Now()
	g.mu.Unlock()

	transport := g.cfg.Transport
	if transport == nil {
		own := NewTransport(g.cfg)
		defer own.CloseIdleConnections()
		transport = own
	}
	// Requests outlive ctx by the drain; a panic ends both at once.
	requests, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	schedule, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(requests, stop)()

	send := &sender{g: g, ctx: requests, cancel: cancel, transport: transport}
	if g.cfg.Users > 0 {
		g.closedLoop(schedule, send)
	} else {
		g.schedule(schedule, send)
	}
	g.mu.Lock()
	g.finished = true
	g.mu.Unlock()

	drained := time.AfterFunc(g.cfg.Drain, func() { cancel(nil) })
	g.inFlight.Wait()
	drained.Stop()
	if p := (*panicError)(nil); errors.As(context.Cause(requests), &p) {
		return p
	}
	return nil
}

// schedule sleeps until each request is due and hands it over; when it is behind, it catches up
// at once, unless it has stood still. It returns when ctx ends, the duration is over or nothing will ever be
// due again.
func (g *Generator) schedule(ctx context.Context, s *sender) {
	end := Never
	if g.cfg.Duration > 0 {
		end = g.cfg.Duration
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	var now, last time.Duration // last is when the clock was read last, or was to be
	seq := uint64(1)
	beat := func() (at time.Duration) {
		at, missed := g.beat(last, end)
		seq += missed
		last = at
		return at
	}
	for ctx.Err() == nil {
		due, taken := g.take(min(now, end))
		if taken {
			s.start(seq, g.start.Add(due))
			seq++
			beat()
			continue
		}
		if due == Never && g.arrivals == nil {
			return // arrivals may go on when the rate changes; another schedule is done
		}
		read := now
		now = beat()
		switch wait := min(due, end, now+heartbeat) - now; {
		case wait > 0:
			timer.Reset(wait)
			last += wait
			select {
			case <-timer.C:
			case <-g.wake:
			case <-ctx.Done():
			}
			now = beat()
		case read >= end:
			return
		}
	}
}

// take returns when the next request is due and, if that is not after now, moves on to the next.
func (g *Generator) take(now time.Duration) (due time.Duration, taken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	due = g.due.Next()
	if due > now {
		return due, false
	}
	g.due.Advance()
	return due, true
}

// SetRate changes the rate, in requests per second, from now on, even within a gap between two
// requests. It fails when the rate is not within [0, MaxRate], and when there is none: in a closed
// loop, or with a Schedule.
func (g *Generator) SetRate(rate float64) error {
	if g.arrivals == nil {
		return errNoRate
	}
	if err := checkRate(rate); err != nil {
		return fmt.Errorf("load generator: %w", err)
	}
	g.change(func() { g.rate = rate })
	return nil
}

// SetShape lets the rate follow another shape, whose time begins now; nil goes back to that of the
// configuration. It fails when the shape is out of range, and where there is no rate, as SetRate does.
func (g *Generator) SetShape(shape Shape) error {
	if g.arrivals == nil {
		return errNoRate
	}
	if shape != nil {
		if err := shape.Validate(); err != nil {
			return fmt.Errorf("load generator: shape: %w", err)
		}
	}
	g.change(func() {
		at := g.elapsed()
		g.shape = g.cfg.Shape
		if shape != nil {
			g.shape = startingAt(at.Seconds(), shape)
		}
		g.arrivals.SetShape(at, g.shape)
	})
	return nil
}

// SetPaused stops the arrivals, or lets them go on. Nothing accrues during a pause. A closed loop
// and a Schedule go on regardless.
func (g *Generator) SetPaused(paused bool) {
	if g.arrivals == nil {
		return
	}
	g.change(func() { g.paused = paused })
}

// change sets fields and tells the arrivals and the scheduler.
func (g *Generator) change(set func()) {
	g.mu.Lock()
	set()
	if !g.finished {
		rate := g.rate
		if g.paused {
			rate = 0
		}
		g.arrivals.SetRate(g.elapsed(), rate)
	}
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default: // it has been told already
	}
}

// Finished tells whether no more requests are due: the duration is over, or Run's context has ended.
func (g *Generator) Finished() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.finished
}

// Stats is a copy of the account so far. It costs some tens of microseconds.
func (g *Generator) Stats() Stats {
	g.mu.Lock()
	at, rate, shape, paused, finished := g.elapsed(), g.rate, g.shape, g.paused, g.finished
	g.mu.Unlock()
	s := g.rec.stats(at)
	s.Rate, s.Paused, s.Finished = rate, paused, finished
	if !paused && !finished && g.arrivals != nil {
		s.Intensity = rate * shape.Factor(at.Seconds())
	}
	return s
}

// WritePercentiles writes the latencies of the successful requests so far in the text format of
// HdrHistogram (.hgrm), in ms, as its plotters read it. Mean and deviation in it come from the
// histogram; Stats has the exact ones.
func (g *Generator) WritePercentiles(w io.Writer) error {
	if err := g.rec.writePercentiles(w); err != nil {
		return fmt.Errorf("load generator: write percentiles: %w", err)
	}
	return nil
}

// elapsed is the time since Run began, 0 before. The start is set once, before the scheduler
// runs; other callers hold mu.
func (g *Generator) elapsed() time.Duration {
	if g.start.IsZero() {
		return 0
	}
	return time.Since(g.start)
}
