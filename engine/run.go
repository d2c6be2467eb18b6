package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
	"slbtui/engine/stage"
)

const (
	samplePeriod = 100 * time.Millisecond
)

// Run starts everything, and returns when ctx has ended or the run's time is over and every
// goroutine it started has returned: the load first, then the proxy, drained, what was attached to it,
// then the servers.
// The error is nil unless a part failed; a panic in a part is an error with its stack.
func (e *Engine) Run(ctx context.Context) error {
	if e.Addr() == "" {
		return errors.New("run the engine: call Listen first")
	}
	e.journal.begin()
	b := e.current.balancer()
	b.startPhase()
	e.journal.Event(metrics.EventEngine, fmt.Sprintf("started, seed %d: %d servers, %s routes, %s front", e.opts.Seed, len(b.cfg.Servers), b.router.Policy().Name(), b.cfg.LoadBalancer.ChosenFront()))
	if why := e.Held(); why != "" {
		e.journal.Event(metrics.EventWarning, "load "+why)
	}
	for _, f := range play.First(e.opts.Faults) {
		if err := e.simulated.SetFault(f.SetFault); err != nil {
			e.closeListeners()
			return err
		}
	}
	b.warnInsecure()
	e.journal.enter(live.RunRunning)
	e.sample()

	group, ctx := errgroup.WithContext(ctx)
	world := stage.New(ctx)
	for _, s := range b.ours {
		if s != nil {
			world.Start("server "+s.Addr(), s.Serve)
		}
	}
	proxy := stage.New(ctx)
	proxy.Start("proxy", func(ctx context.Context) error {
		e.roster.await(ctx)
		e.awaitCompanions(ctx)
		return e.frontend.serve(ctx)
	})
	proxy.Start("health polling", e.current.runHealth)
	beside := stage.New(ctx)
	for _, c := range e.companions {
		beside.Start(c.name, c.Run)
	}
	if e.roster != nil {
		beside.Start("discovery", e.roster.follower.Run)
	}
	traffic := stage.New(ctx)
	if e.load != nil {
		traffic.Start("load", func(ctx context.Context) error {
			e.roster.await(ctx)
			return e.load.run(ctx)
		})
	}
	if len(e.opts.Faults) > 0 {
		traffic.Start("faults", func(ctx context.Context) error {
			return play.Later(ctx, e.opts.Faults, e.journal.Now, func(ctx context.Context, f live.SetFault) error { return e.Do(ctx, f) })
		})
	}
	if d := e.opts.Replay; d != nil {
		e.journal.Event(metrics.EventLoad, d.String())
		traffic.Start("replay", func(ctx context.Context) error {
			return d.Run(ctx, e.journal.Now, func(text string) { e.journal.Event(metrics.EventLoad, text) }, e.Do)
		})
	}
	watch := stage.New(ctx)
	watch.Start("sampler", e.runSampler)
	watch.Start("commands", e.runControl)
	watch.Start("what-if", e.desk.run)
	if e.frontend.cert != nil {
		watch.Start("certificate", e.watchCertificate)
	}

	for _, s := range []*stage.Stage{world, proxy, beside, traffic, watch} {
		group.Go(func() error { return s.Failed(ctx) })
	}
	group.Go(stage.Guard("plan", func() error { return e.runPlan(ctx) }))
	err := group.Wait()

	e.journal.enter(live.RunStopping)
	var stopErr error
	for _, s := range []*stage.Stage{traffic, proxy, beside, world} {
		stopErr = errors.Join(stopErr, s.Stop())
	}
	e.recorder.EndPhase(e.journal.Now())
	saveErr := stage.Guard("save learned tables", e.saveLearned)()
	e.journal.Event(metrics.EventEngine, "stopped")
	e.journal.end()
	close(e.done)
	stopErr = errors.Join(stopErr, watch.Stop())
	e.sample()
	if errors.Is(err, stage.ErrFinished) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	if err != nil {
		return errors.Join(err, saveErr) // the first failure; what broke while stopping follows from it
	}
	return errors.Join(stopErr, saveErr)
}

// Hurry ends the drain, of now or to come: requests still in flight are cut. It does not end a run.
func (e *Engine) Hurry() { e.frontend.hurry() }

// runPlan switches policies as planned, and ends the run when the plan or the run's duration is over.
func (e *Engine) runPlan(ctx context.Context) error {
	var deadline <-chan time.Time
	if e.opts.Duration > 0 {
		timer := time.NewTimer(e.opts.Duration)
		defer timer.Stop()
		deadline = timer.C
	}
	for i, p := range e.opts.Plan {
		if i > 0 {
			if err := e.order(ctx, planned{p.Policy}); err != nil {
				return err
			}
		}
		timer := time.NewTimer(p.For)
		select {
		case <-timer.C:
		case <-deadline:
			timer.Stop()
			return stage.ErrFinished
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	if len(e.opts.Plan) > 0 {
		return stage.ErrFinished
	}
	select {
	case <-deadline:
		return stage.ErrFinished
	case <-ctx.Done():
		return ctx.Err()
	}
}
