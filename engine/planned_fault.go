package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

// PlannedFault is a fault that a run injects by itself.
type PlannedFault struct {
	At time.Duration // since the run began; at 0 it is in force before the first request
	live.SetFault
}

// checkFaults fails on the first planned fault that cannot be injected.
func (e *Engine) checkFaults() error {
	for i, f := range e.opts.Faults {
		if _, err := e.simulated(f.Server); err != nil {
			return fmt.Errorf("planned fault %d: %w", i+1, err)
		}
		if err := (fault.Span{Fault: f.Fault, For: f.For}).Check(); err != nil {
			return fmt.Errorf("planned fault %d: %s: %w", i+1, f.Server, err)
		}
	}
	return nil
}

// firstFaults injects what is in force from the beginning. Call it before anything runs.
func (e *Engine) firstFaults() error {
	for _, f := range e.opts.Faults {
		if f.At <= 0 {
			if err := e.setFault(f.SetFault); err != nil {
				return err
			}
		}
	}
	return nil
}

// runFaults injects the others when their times come.
func (e *Engine) runFaults(ctx context.Context) error {
	later := slices.DeleteFunc(slices.Clone(e.opts.Faults), func(f PlannedFault) bool { return f.At <= 0 })
	slices.SortStableFunc(later, func(a, b PlannedFault) int { return int(a.At - b.At) })
	for _, f := range later {
		timer := time.NewTimer(f.At - e.now())
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		if err := e.Do(ctx, f.SetFault); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}
