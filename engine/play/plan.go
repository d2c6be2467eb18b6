package play

import (
	"context"
	"slices"
	"time"

	"slbtui/engine/live"
)

// Fault is a fault that a run injects by itself.
type Fault struct {
	At time.Duration // since the run began; at 0 it is in force before the first request
	live.SetFault
}

// First are those in force from the beginning, in their order.
func First(planned []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(planned), func(f Fault) bool { return f.At > 0 })
}

// Later injects the others when their times come, and returns after the last one or when ctx ends. now is the
// time since the run began. It fails with the first error of inject.
func Later(ctx context.Context, planned []Fault, now func() time.Duration, inject func(context.Context, live.SetFault) error) error {
	later := slices.DeleteFunc(slices.Clone(planned), func(f Fault) bool { return f.At <= 0 })
	slices.SortStableFunc(later, func(a, b Fault) int { return int(a.At - b.At) })
	for _, f := range later {
		timer := time.NewTimer(f.At - now())
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		if err := inject(ctx, f.SetFault); err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}
