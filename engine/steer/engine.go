// Package steer watches a production HAProxy by its log, learns from it with q_factored's table what its servers are
// like, shows that as live.Engine, and, where it is allowed to, sets weights: by HAProxy's Runtime API or by answers to
// its agent checks.
//
// It is never in the way of a request. It changes nothing unless Options.Means says how, puts back what it has changed
// when Run ends, and keeps a will with a Guard for an end that it does not see coming. What comes from outside, lines
// and answers, is bounded and doubted. Run owns all goroutines and waits for them.
package steer

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/stage"
	"slbtui/engine/steer/haproxy"
	"slbtui/routing/policy"
	"slbtui/routing/policy/weights"
)

// Means is how weights reach HAProxy.
type Means string

// The means.
const (
	ReadOnly Means = ""       // not at all
	BySocket Means = "socket" // by the Runtime API
	ByAgent  Means = "agent"  // by answers to agent checks
)

// Options say what is steered, and how.
type Options struct {
	Backend  string
	Source   Source       // of the log's lines
	API      *haproxy.API // nil where HAProxy is known by its log alone
	Agent    string       // address that agent checks ask at, HOST:PORT; "" for none
	Means    Means
	MaxConns bool  // also set maxconn, to the learned slots; BySocket only
	Guard    Guard // for servers at 0, should this process die
	Policy   policy.Options
	Duration time.Duration // planned length, 0 until stopped
	Version  string
}

const (
	tick       = 100 * time.Millisecond
	keptEvents = 500
	routedBy   = "haproxy"
	steered    = "haproxy+steered"
)

// Engine is a HAProxy being watched. It is a live.Engine.
type Engine struct {
	opts     Options
	began    time.Time
	events   *metrics.Events
	recorder *metrics.Recorder
	observer *observer
	hand     *hand   // nil without a socket
	teller   *teller // nil without an agent
	snapshot atomic.Pointer[live.Snapshot]
	sampler  sampler
	judge    judge
}

// New meets HAProxy and opens what is listened on. Its error says in a sentence what is wrong, and what to do.
func New(ctx context.Context, o Options) (*Engine, error) {
	if err := haproxy.CheckName(o.Backend); err != nil {
		return nil, err
	}
	switch {
	case o.Means == BySocket && o.API == nil:
		return nil, errors.New("weights are set by HAProxy's socket: which one?")
	case o.Means == ByAgent && o.Agent == "":
		return nil, errors.New("weights are answers to agent checks: at which address?")
	case o.MaxConns && o.Means != BySocket:
		return nil, errors.New("maxconn is set by HAProxy's socket only: steer by the socket, or leave maxconn out")
	}
	e := &Engine{opts: o, began: time.Now(), events: metrics.NewEvents(keptEvents), recorder: metrics.NewRecorder(nil)}
	e.observer = newObserver(o.Backend, o.Policy, e.recorder)
	name := routedBy
	if o.Means != ReadOnly {
		name = steered
	}
	e.recorder.StartPhase(0, metrics.Turn{Policy: name})
	if o.API != nil {
		e.hand = &hand{api: *o.API, backend: o.Backend, apply: o.Means, maxConns: o.MaxConns, guard: o.Guard, tell: e.event, found: e.found}
		e.hand.prepare()
		if err := e.hand.Meet(ctx); err != nil {
			return nil, err
		}
	}
	if o.Agent != "" {
		e.teller = &teller{backend: o.Backend, address: o.Agent, apply: o.Means, guard: o.Guard, tell: e.event}
		if o.API != nil {
			e.teller.socket = o.API.String()
		}
		if err := e.teller.open(ctx); err != nil {
			return nil, err
		}
	}
	e.event(metrics.EventEngine, "", e.greeting())
	e.sample()
	return e, nil
}

// greeting says what is about to happen.
func (e *Engine) greeting() string {
	text := fmt.Sprintf("backend %s, by the log at %s", e.opts.Backend, e.opts.Source)
	switch e.opts.Means {
	case BySocket:
		return text + fmt.Sprintf("; weights are set by %s from %d measurements on", e.opts.API, weights.Known)
	case ByAgent:
		return text + fmt.Sprintf("; weights are answers to agent checks at %s from %d measurements on", e.teller.address, weights.Known)
	}
	return text + "; read-only: nothing is set (--apply does)"
}

// Run watches, and steers, until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	if e.opts.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.opts.Duration)
		defer cancel()
	}
	all, reading := stage.New(ctx), stage.New(ctx)
	reading.Start("log", func(ctx context.Context) error {
		return e.opts.Source.Run(ctx, func(line []byte) { e.observer.Line(line, e.now()) })
	})
	reading.Start("steering", e.steer)
	if e.hand != nil {
		all.Start("HAProxy", e.hand.Run)
	}
	if e.teller != nil {
		all.Start("agent checks", e.teller.Run)
	}
	failed := make(chan error, 1)
	waiting, stopWaiting := context.WithCancel(ctx)
	defer stopWaiting()
	go func() { failed <- reading.Failed(waiting) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stopWaiting()
	err = errors.Join(notEnded(err), reading.Stop(), all.Stop())
	e.recorder.EndPhase(e.now())
	e.sampler.state = live.RunStopping
	e.sample()
	return err
}

func notEnded(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// steer works weights out, and takes pictures, until ctx ends.
func (e *Engine) steer(ctx context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := e.now()
		e.observer.Advance(now)
		if wishes, urgent := e.judge.decide(now, e.observer); wishes != nil {
			if e.hand != nil {
				e.hand.Wish(wishes, urgent)
			}
			if e.teller != nil {
				e.teller.Wish(wishes)
			}
			e.judge.tell(e)
		}
		e.sampler.checkLog(e, now)
		e.sample()
	}
}

// found takes in HAProxy's servers.
func (e *Engine) found(servers []haproxy.Server) {
	names := make([]string, len(servers))
	for i, s := range servers {
		names[i] = s.Name
	}
	e.observer.SetServers(names)
	e.observer.SetAvailable(func(i int) bool { return i < len(servers) && servers[i].Takes() })
}

func (e *Engine) now() time.Duration { return time.Since(e.began) }

func (e *Engine) event(kind metrics.EventKind, server, text string) {
	e.events.Add(metrics.Event{At: e.now(), Kind: kind, Server: server, Text: text})
}

// Snapshot is the latest picture.
func (e *Engine) Snapshot() *live.Snapshot { return e.snapshot.Load() }
