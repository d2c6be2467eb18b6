package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	samplePeriod = 100 * time.Millisecond
)

// errFinished ends a run whose time is over.
var errFinished = errors.New("finished")

// Run starts everything, and returns when ctx has ended or the run's time is over and every
// goroutine it started has returned: the load first, then the proxy, drained, what was attached to it,
// then the servers.
// The error is nil unless a part failed; a panic in a part is an error with its stack.
func (e *Engine) Run(ctx context.Context) error {
	if e.listener == nil {
		return errors.New("run the engine: call Listen first")
	}
	e.started = time.Now()
	e.startPhase(e.router.Policy())
	e.event("engine", "", fmt.Sprintf("started, seed %d: %d servers, %s routes", e.opts.Seed, len(e.cfg.Servers), e.router.Policy().Name()))
	if err := e.firstFaults(); err != nil {
		e.closeListeners()
		return err
	}
	e.warnInsecure()
	e.setState("running")
	e.sample()

	group, ctx := errgroup.WithContext(ctx)
	world := newStage(ctx)
	for _, b := range e.backends {
		if b != nil {
			world.start("server "+b.Addr(), b.Serve)
		}
	}
	proxy := newStage(ctx)
	proxy.start("proxy", e.serveProxy)
	proxy.start("health polling", e.runHealth)
	beside := newStage(ctx)
	for _, c := range e.companions {
		beside.start(c.name, c.Run)
	}
	traffic := newStage(ctx)
	if e.load != nil {
		traffic.start("load", e.runLoad)
	}
	if len(e.opts.Faults) > 0 {
		traffic.start("faults", e.runFaults)
	}
	watch := newStage(ctx)
	watch.start("sampler", e.runSampler)
	watch.start("commands", e.runControl)
	watch.start("what-if", e.runWhatIf)
	if e.cert != nil {
		watch.start("certificate", e.watchCertificate)
	}

	for _, s := range []*stage{world, proxy, beside, traffic, watch} {
		group.Go(func() error { return s.failed(ctx) })
	}
	group.Go(guard("plan", func() error { return e.runPlan(ctx) }))
	err := group.Wait()

	e.setState("stopping")
	var stopErr error
	for _, s := range []*stage{traffic, proxy, beside, world} {
		stopErr = errors.Join(stopErr, s.stop())
	}
	e.recorder.EndPhase(e.now())
	saveErr := guard("save learned tables", e.saveLearned)()
	e.event("engine", "", "stopped")
	e.ended.Store(int64(time.Since(e.started)))
	close(e.done)
	stopErr = errors.Join(stopErr, watch.stop())
	e.sample()
	if errors.Is(err, errFinished) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = nil
	}
	if err != nil {
		return errors.Join(err, saveErr) // the first failure; what broke while stopping follows from it
	}
	return errors.Join(stopErr, saveErr)
}

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
			return errFinished
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	if len(e.opts.Plan) > 0 {
		return errFinished
	}
	select {
	case <-deadline:
		return errFinished
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stage is a set of goroutines that stop together.
type stage struct {
	cancel context.CancelFunc
	ctx    context.Context
	group  *errgroup.Group
	first  chan error
}

func newStage(parent context.Context) *stage {
	// Stages outlive the parent's end: they are stopped one after another, in order.
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	return &stage{cancel: cancel, ctx: ctx, group: &errgroup.Group{}, first: make(chan error, 1)}
}

func (s *stage) start(name string, run func(context.Context) error) {
	s.group.Go(func() error {
		err := guard(name, func() error { return run(s.ctx) })()
		if err != nil {
			select {
			case s.first <- err:
			default:
			}
		}
		return err
	})
}

// failed waits for the first failure of the stage, or the end of ctx.
func (s *stage) failed(ctx context.Context) error {
	select {
	case err := <-s.first:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *stage) stop() error {
	s.cancel()
	err := s.group.Wait()
	if errors.Is(err, errFinished) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// guard turns a panic into an error, so that whoever owns the terminal can restore it.
func guard(name string, run func() error) func() error {
	return func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%s: panic: %v\n%s", name, p, debug.Stack())
			}
		}()
		if err := run(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}
