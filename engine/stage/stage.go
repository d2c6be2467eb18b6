// Package stage has goroutines that stop together, in an order that is somebody's choice, and a panic in one
// of them as an error. Who makes a Stage owns its goroutines, and waits for them by Stop.
package stage

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

// ErrFinished is what a part returns whose end is that of the whole run, with nothing wrong.
var ErrFinished = errors.New("finished")

// Stage is a set of goroutines that stop together.
type Stage struct {
	cancel context.CancelFunc
	ctx    context.Context
	group  *errgroup.Group
	first  chan error
}

// New makes a stage that ends by Stop alone: it takes the values of parent, not its end.
func New(parent context.Context) *Stage {
	// Stages outlive the parent's end: they are stopped one after another, in order.
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	return &Stage{cancel: cancel, ctx: ctx, group: &errgroup.Group{}, first: make(chan error, 1)}
}

// Start runs a part until Stop, or its own end. Its error is the name of the part and what went wrong.
func (s *Stage) Start(name string, run func(context.Context) error) {
	s.group.Go(func() error {
		err := Guard(name, func() error { return run(s.ctx) })()
		if err != nil {
			select {
			case s.first <- err:
			default:
			}
		}
		return err
	})
}

// Failed waits for the first failure of the stage, or the end of ctx.
func (s *Stage) Failed(ctx context.Context) error {
	select {
	case err := <-s.first:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Stop ends the context of all parts and waits for them. A part that has finished or was cancelled is no error.
func (s *Stage) Stop() error {
	s.cancel()
	err := s.group.Wait()
	if errors.Is(err, ErrFinished) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Guard turns a panic into an error, so that whoever owns the terminal can restore it.
func Guard(name string, run func() error) func() error {
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
