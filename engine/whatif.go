package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/lookback"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
	"slbtui/engine/whatif"
)

// maxWhatIf ends a what-if on a machine on which it takes far longer than it should, maxLookBack a look back, of more
// requests.
const (
	maxWhatIf   = 10 * time.Second
	maxLookBack = time.Minute
)

// desk answers what-ifs and looks back, one of each at a time, and one after the other.
type desk struct {
	seed      uint64
	journal   *journal
	recorder  *metrics.Recorder
	load      *load // nil when traffic comes from elsewhere
	player    *play.Player
	simulated *simulated
	ring      *lookback.Ring
	drains    drains
	latest    atomic.Pointer[live.WhatIf] // nil before the first
	back      atomic.Pointer[live.WhatIf] // likewise, of looking back
	tasks     chan task                   // holds one of each
}

// question is a what-if to be answered.
type question struct {
	about     live.WhatIf
	situation whatif.Situation
}

// task is what the desk works on. Work tells of what is new in about, which is shown from then on.
type task struct {
	about  live.WhatIf
	shown  *atomic.Pointer[live.WhatIf]
	within time.Duration
	work   func(ctx context.Context, tell func(change func(*live.WhatIf))) error
}

// ask takes down the situation of now and leaves the rest to run. A failure is also on the snapshot.
func (d *desk) ask(b *balancer) error {
	if err := running(&d.latest); err != nil {
		return err
	}
	q, err := d.situation(b)
	return d.begin(task{about: q.about, shown: &d.latest, within: maxWhatIf,
		work: func(ctx context.Context, tell func(func(*live.WhatIf))) error {
			q.situation.Yield = resting()
			return whatif.Predict(ctx, q.situation, func(p live.Prediction) { tell(func(w *live.WhatIf) { w.Prediction = p }) })
		}}, err)
}

// running says why nothing can be asked now.
func running(shown *atomic.Pointer[live.WhatIf]) error {
	if w := shown.Load(); w != nil && w.State == live.WhatIfRunning {
		return errors.New("a what-if is running: ask again when it is done")
	}
	return nil
}

// begin leaves a task to run, unless err says why there is nothing to be done.
func (d *desk) begin(t task, err error) error {
	if err != nil {
		t.shown.Store(&live.WhatIf{State: live.WhatIfFailed, Problem: err.Error(), At: t.about.At, Policy: t.about.Policy})
		return err
	}
	t.shown.Store(&t.about)
	d.tasks <- t // it has room: none of its kind is there
	return nil
}

// restEvery is for how long a what-if works at a time, and rests. A goroutine that computes without a
// rest delays the timers and requests of others by milliseconds, more so on a busy machine: of sleeps of
// 5 ms beside it, a tenth ended more than 5 to 7 ms late, with rests 1.5 to 2 ms.
const restEvery = time.Millisecond

// resting returns what to call often: it sleeps when it is time.
func resting() func() {
	rested := time.Now()
	return func() {
		if time.Since(rested) >= restEvery {
			time.Sleep(restEvery)
			rested = time.Now()
		}
	}
}

// run works on one task after another.
func (d *desk) run(ctx context.Context) error {
	for {
		select {
		case t := <-d.tasks:
			t.carryOut(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}

func (t *task) carryOut(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.within)
	defer cancel()
	began, w := time.Now(), t.about
	tell := func(change func(*live.WhatIf)) {
		change(&w)
		now := w
		now.Took = time.Since(began)
		t.shown.Store(&now)
	}
	err := t.work(ctx, tell)
	tell(func(w *live.WhatIf) {
		switch {
		case err == nil:
			w.State = live.WhatIfDone
		case errors.Is(err, context.DeadlineExceeded):
			w.State, w.Problem = live.WhatIfFailed, "given up after "+t.within.String()+": the machine is too busy"
		case errors.Is(err, context.Canceled):
			w.State, w.Problem = live.WhatIfFailed, "the engine has stopped"
		default:
			w.State, w.Problem = live.WhatIfFailed, err.Error()
		}
	})
}
