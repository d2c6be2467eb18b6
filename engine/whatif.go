package engine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
	"slbtui/engine/whatif"
)

// maxWhatIf ends a what-if on a machine on which it takes far longer than it should.
const maxWhatIf = 10 * time.Second

// desk answers what-ifs, one at a time.
type desk struct {
	seed      uint64
	journal   *journal
	recorder  *metrics.Recorder
	load      *load // nil when traffic comes from elsewhere
	player    *play.Player
	latest    atomic.Pointer[live.WhatIf] // nil before the first
	questions chan question               // holds one
}

func newDesk(seed uint64, j *journal, r *metrics.Recorder, l *load, p *play.Player) *desk {
	return &desk{seed: seed, journal: j, recorder: r, load: l, player: p, questions: make(chan question, 1)}
}

// question is a what-if to be answered.
type question struct {
	about     live.WhatIf
	situation whatif.Situation
}

// ask takes down the situation of now and leaves the rest to run. A failure is also on
// the snapshot.
func (d *desk) ask(b *balancer) error {
	if w := d.latest.Load(); w != nil && w.State == live.WhatIfRunning {
		return errors.New("a what-if is running: ask again when it is done")
	}
	q, err := d.situation(b)
	if err != nil {
		d.latest.Store(&live.WhatIf{State: live.WhatIfFailed, Problem: err.Error(), At: q.about.At, Policy: q.about.Policy})
		return err
	}
	d.latest.Store(&q.about)
	d.questions <- q // it has room: none runs
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

// run answers one question after another.
func (d *desk) run(ctx context.Context) error {
	for {
		select {
		case q := <-d.questions:
			d.answer(ctx, q)
		case <-ctx.Done():
			return nil
		}
	}
}

func (d *desk) answer(ctx context.Context, q question) {
	ctx, cancel := context.WithTimeout(ctx, maxWhatIf)
	defer cancel()
	began, w := time.Now(), q.about
	publish := func() {
		now := w
		now.Took = time.Since(began)
		d.latest.Store(&now)
	}
	q.situation.Yield = resting()
	err := whatif.Predict(ctx, q.situation, func(p live.Prediction) {
		w.Prediction = p
		publish()
	})
	switch {
	case err == nil:
		w.State = live.WhatIfDone
	case errors.Is(err, context.DeadlineExceeded):
		w.State, w.Problem = live.WhatIfFailed, "given up after "+maxWhatIf.String()+": the machine is too busy"
	case errors.Is(err, context.Canceled):
		w.State, w.Problem = live.WhatIfFailed, "the engine has stopped"
	default:
		w.State, w.Problem = live.WhatIfFailed, err.Error()
	}
	publish()
}
