package play

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// Day is a recording as it happens to the servers of a run, again and again.
type Day struct {
	Name   string
	Length time.Duration // above 0
	Speed  float64       // so many times the traffic that was recorded; Length and Faults are as much shorter already
	Faults []simulate.Fault
}

// String says what is about to happen.
func (d *Day) String() string {
	text := "replaying " + d.Name
	if d.Speed != 1 {
		text += fmt.Sprintf(" at %.3g times its traffic", d.Speed)
	}
	return text + ", again and again: " + d.Length.Round(time.Millisecond).String() + " a round"
}

// At is where the day is, a time after the run began. It is nil for no day.
func (d *Day) At(now time.Duration) *live.Replay {
	if d == nil {
		return nil
	}
	now = max(0, now)
	return &live.Replay{Name: d.Name, Elapsed: now % d.Length, Length: d.Length, Round: 1 + int(now/d.Length), Speed: d.Speed}
}

// Run lets the faults of each round happen at their times, until ctx ends. now is the time since the run began, tell
// leaves a word in its log. A server that is out of rotation gets no new requests, as if an operator had drained it.
// It fails with the first error of do.
func (d *Day) Run(ctx context.Context, now func() time.Duration, tell func(string), do func(context.Context, live.Command) error) error {
	steps := d.steps()
	for round := 0; ; round++ {
		began := time.Duration(round) * d.Length
		if round > 0 {
			tell(fmt.Sprintf("%s is over and begins again, round %d", d.Name, round+1))
		}
		for _, s := range steps {
			timer := time.NewTimer(began + s.at - now())
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return nil
			}
			if err := do(ctx, s.command); err != nil && ctx.Err() == nil {
				return err
			}
		}
		timer := time.NewTimer(began + d.Length - now())
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
	}
}

// step is something that happens in a day.
type step struct {
	at      time.Duration
	command live.Command
}

// steps are what happens, in order. Each round begins with healthy servers, as far as the day harms them.
func (d *Day) steps() (steps []step) {
	for _, f := range d.Faults {
		begin, end := live.Command(live.SetFault{Server: f.Server, Fault: f.Fault, For: f.For}), live.Command(live.ClearFaults{Server: f.Server})
		if f.Out {
			begin, end = live.DrainServer{Server: f.Server, Drain: true}, live.DrainServer{Server: f.Server}
		}
		if f.At >= d.Length {
			continue
		}
		steps = append(steps, step{f.At, begin})
		switch over := f.At + f.For; {
		case f.For == 0 || over >= d.Length:
			steps = append(steps, step{d.Length, end})
		case f.Out:
			steps = append(steps, step{over, end})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return steps
}
