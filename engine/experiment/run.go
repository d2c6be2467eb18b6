package experiment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"slbtui/engine"
	"slbtui/engine/live"
	"slbtui/engine/play"
	"slbtui/engine/report"
	"slbtui/loadgen"
)

// ErrNothingFinished is Run's error when it was interrupted during its first run.
var ErrNothingFinished = errors.New("interrupted before the first run was finished: there is nothing to report")

// Run carries the plan out and compares. When ctx ends it stops cleanly and reports what was
// finished, with a note: whole repetitions, or failing that the finished runs of the first. An error
// during a run does the same, and is returned beside the comparison; that has no Strategies when
// nothing was finished.
func Run(ctx context.Context, plan Plan, watch Observer) (report.Comparison, error) {
	if err := plan.Validate(); err != nil {
		return report.Comparison{}, err
	}
	x := &experiment{plan: plan, watch: watch, began: time.Now()}
	err := x.run(ctx)
	if len(x.finished) == 0 {
		if err == nil {
			err = ErrNothingFinished
		}
		return report.Comparison{}, err
	}
	return x.compare(), err
}

// experiment is a plan being carried out.
type experiment struct {
	plan     Plan
	watch    Observer
	began    time.Time
	finished []*contest
	stopped  string // where it was interrupted; "" when it was not
	done     int    // requests of finished runs
}

func (x *experiment) run(ctx context.Context) error {
	for repetition := range x.plan.Repetitions {
		trace, err := x.plan.trace(repetition)
		if err != nil {
			return err
		}
		if x.watch.Trace != nil {
			if err := x.watch.Trace(repetition+1, x.plan.seed(repetition), trace); err != nil {
				return err
			}
		}
		for i, name := range x.plan.order(repetition) {
			c := &contest{
				name: name, repetition: repetition, order: i, seed: x.plan.seed(repetition), trace: trace,
				start: time.Since(x.began), outcomes: make([]outcome, len(trace)), servers: x.plan.Scenario.ServerIDs(),
			}
			if err := x.contest(ctx, c); err != nil || ctx.Err() != nil {
				x.stopped = fmt.Sprintf("interrupted in repetition %d of %d, under %s", repetition+1, x.plan.Repetitions, name)
				return err
			}
			x.finished = append(x.finished, c)
			x.done += len(trace)
		}
	}
	return nil
}

// contest lets one contestant meet its trace.
func (x *experiment) contest(ctx context.Context, c *contest) error {
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := newTally(x, c, cancel)
	prepare := x.ours
	if c.name == Outside {
		prepare = x.outside
	}
	drive, err := prepare(t)
	if err == nil {
		watched := t.watchProgress()
		err = drive(running)
		watched()
	}
	if err != nil {
		return fmt.Errorf("%s, repetition %d: %w", c.name, c.repetition+1, err)
	}
	if cause := context.Cause(running); ctx.Err() == nil && cause != nil {
		return cause // the observer's
	}
	return nil
}

// ours makes servers, proxy and load of our own, and returns what runs them.
func (x *experiment) ours(t *tally) (drive func(context.Context) error, err error) {
	cfg := x.plan.config()
	cfg.LoadBalancer.Policy = t.name
	e, err := engine.New(cfg, engine.Options{
		Seed: t.seed, Load: t.load, Backend: x.plan.backend, Faults: play.Plan(x.plan.Scenario), Alone: true, Version: x.plan.Version,
	})
	if err != nil {
		return nil, err
	}
	t.utilisation = func() []float64 { return utilisation(e.Snapshot()) }
	return e.Run, e.Listen()
}

// outside makes the load for a balancer that is not ours.
func (x *experiment) outside(t *tally) (drive func(context.Context) error, err error) {
	cfg := loadgen.Config{
		URL: x.plan.URL, TLS: x.plan.TLS, MaxInFlight: x.plan.Config.Traffic.MaxInFlight, Timeout: x.plan.config().Traffic.Timeout,
	}
	t.load(&cfg)
	g, err := loadgen.New(cfg)
	if err != nil {
		return nil, err
	}
	return g.Run, nil
}

// utilisation is the busy share of each server's workers, 0-1, or -1.
func utilisation(s *live.Snapshot) []float64 {
	if s == nil {
		return nil
	}
	busy := make([]float64, len(s.Servers))
	for i := range s.Servers {
		busy[i] = s.Servers[i].Utilisation
	}
	return busy
}
