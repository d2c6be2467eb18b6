package train

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
)

// Progress is how far a training has come.
type Progress struct {
	Round     int // from 1 on
	Done      int // steps of Total; a step is a scenario or an epoch
	Total     int
	Decisions int     // so far
	Loss      float64 // of the last epoch, 0 before the first
}

// Run trains a network. It tells progress, if it is not nil, after each scenario and epoch; calls do not
// overlap. It fails when ctx ends or cfg is not valid.
func Run(ctx context.Context, cfg Config, progress func(Progress)) (*net.Network, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	r := run{cfg: cfg, tell: progress, now: Progress{Total: cfg.Rounds*(cfg.Scenarios+cfg.Epochs) + 2*cfg.Epochs}}
	network := net.New(cfg.Seed, shared.Sizes()...)
	l := newLesson(cfg.Seed, network)
	var samples []sample
	for round := range cfg.Rounds {
		r.now.Round = round + 1
		fresh, err := r.round(ctx, round, network.Clone())
		if err != nil {
			return nil, err
		}
		samples = append(samples, fresh...)
		r.now.Decisions = len(samples)
		if err := r.train(ctx, l, samples, round == cfg.Rounds-1); err != nil {
			return nil, err
		}
	}
	l.calibrate(samples)
	return network, nil
}

// run is a training in progress.
type run struct {
	cfg  Config
	tell func(Progress)
	now  Progress
}

func (r *run) step() {
	r.now.Done++
	if r.tell != nil {
		r.tell(r.now)
	}
}

// round lets the network decide in new scenarios, several at once, and returns the decisions in their order.
func (r *run) round(ctx context.Context, round int, network *net.Network) ([]sample, error) {
	workers := r.cfg.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	notes := make([][]sample, r.cfg.Scenarios)
	ended := make(chan struct{}, r.cfg.Scenarios)
	for i := range notes {
		group.Go(func() (err error) {
			if err = ctx.Err(); err == nil {
				notes[i], err = attend(r.cfg, round, i, network)
			}
			ended <- struct{}{}
			return err
		})
	}
	for range notes {
		<-ended
		r.step()
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("train: round %d: %w", round+1, err)
	}
	var all []sample
	for _, n := range notes {
		all = append(all, n...)
	}
	return all, nil
}

// train goes over the samples. The step size falls within the last round only: before it there is more to come.
func (r *run) train(ctx context.Context, l *lesson, samples []sample, last bool) error {
	epochs := r.cfg.Epochs
	if last {
		epochs *= 3
	}
	for e := range epochs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("train: %w", err)
		}
		r.now.Loss = l.epoch(samples, func(part float64) float64 {
			if !last {
				return 0
			}
			return (float64(e) + part) / float64(epochs)
		})
		r.step()
	}
	return nil
}
