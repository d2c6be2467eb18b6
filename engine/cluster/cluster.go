// Package cluster makes one of several balancers in front of the same servers know the others: what operators order
// at one holds at all and outlives restarts, and each says once a second how it is. Nothing on the way of a request
// waits for it: without the others a balancer goes on with what it knows.
//
// What was ordered is in a bucket of NATS (package bus), in the order of its revisions. A replica carries out what is
// written there, and looks once a second whether all of it is still in force. What is given here holds here at once
// and is written when that can be; only what was given while no majority was in sight is lost when there is one
// again.
//
// Run owns all goroutines and returns when they have ended.
package cluster

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/cluster/bus"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/routing/proxy"
)

const (
	firstWord  = 5 * time.Second // that clients wait at the start for what was ordered
	writeFor   = time.Second
	askFor     = time.Second // whether a leader is there
	reopenEach = time.Second
)

// Engine is the balancer that is one of several.
type Engine interface {
	Snapshot() *live.Snapshot
	Do(ctx context.Context, cmd live.Command) error
}

// Cluster is one replica's part in a fleet. It stands before its engine: whoever commands and looks through it
// commands and sees the fleet.
type Cluster struct {
	engine Engine
	bus    *bus.Bus
	fleet  string
	run    string // of this start
	ready  chan struct{}
	tick   time.Duration // a second, but in tests
	asks   errgroup.Group

	answers func(ctx context.Context, question []byte) []byte // nil: nobody does

	giving sync.Mutex // orders that are given here are written one after the other

	mu       sync.Mutex
	book     *book
	roll     *roll
	bucket   *bus.Bucket // nil until it could be opened
	rewatch  context.CancelFunc
	began    bool   // what was ordered is known, or was waited for long enough
	late     bool   // it was not known in time
	watching bool   // what is written comes here
	behind   int    // ticks that others have known more
	cut      bool   // no majority is in sight
	why      string // the bucket cannot be written, "" where it can
	rival    bool   // somebody else has our name
	shared   bool   // others' requests were told to the engine
	told     int    // replicas, of which the engine knows
	ticks    int    // the keeper's own
	kept     []byte // the table that was written last; the keeper's own
}

// Open makes a replica of a balancer. Nothing runs yet, but what is wrong with addresses, files and certificates is
// found here.
func Open(cfg config.Cluster, e Engine) (*Cluster, error) {
	b, err := bus.Open(cfg)
	if err != nil {
		return nil, err
	}
	return &Cluster{
		engine: e, bus: b, fleet: cfg.Fleet, run: rand.Text(), ready: make(chan struct{}), tick: time.Second,
		book: newBook(), roll: newRoll(b.Expected()), why: "it has just started",
	}, nil
}

// Name is that of this replica.
func (c *Cluster) Name() string { return c.bus.Name() }

// Ready is closed once what was ordered holds here, or five seconds after the start.
func (c *Cluster) Ready() <-chan struct{} { return c.ready }

// Observe implements engine.Companion: requests are none of its business.
func (c *Cluster) Observe(proxy.Exchange) {}

// Run takes part until ctx ends.
func (c *Cluster) Run(ctx context.Context) error {
	if err := c.bus.Start(); err != nil {
		return err
	}
	defer c.bus.Stop()
	if err := c.listen(ctx); err != nil {
		return err
	}
	var parts errgroup.Group
	parts.Go(func() error { c.follow(ctx); return nil })
	parts.Go(func() error { c.keep(ctx); return nil })
	_ = parts.Wait() // none fails
	c.sayGoodbye()
	return c.asks.Wait()
}

// listen hears what other replicas say.
func (c *Cluster) listen(ctx context.Context) error {
	for what, hear := range map[string]func([]byte){
		"presence": func(data []byte) { c.heard(ctx, data) },
		"order":    func(data []byte) { c.noticed(ctx, data) },
	} {
		if err := c.bus.Hear(what, hear); err != nil {
			return err
		}
	}
	return c.bus.Answer(func(question []byte, reply func([]byte)) { c.asked(ctx, question, reply) })
}

// note leaves an event.
func (c *Cluster) note(ctx context.Context, kind metrics.EventKind, text string) {
	_ = c.engine.Do(ctx, live.Note{Kind: kind, Text: text}) // a run that is over has no events
}
