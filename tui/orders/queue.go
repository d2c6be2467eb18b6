// Package orders has commands on their way to the engine: one at a time, in their order, and what was
// asked of each control until a snapshot shows it. It starts no goroutine: a Queue says what is to be sent
// next, and whoever sends it waits for the answer.
package orders

import (
	"context"
	"time"

	"slbtui/engine/live"
)

// Timeout is how long the engine may take to answer a command.
const Timeout = 2 * time.Second

// Ack is the engine's answer to a command.
type Ack struct {
	Cmd    live.Command
	Err    error
	Routes string // who routes after it, "" when unknown
}

// Send carries out cmd and waits for the answer, at most Timeout.
func Send(e live.Engine, cmd live.Command) Ack {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	a := Ack{Cmd: cmd, Err: e.Do(ctx, cmd)}
	if s := e.Snapshot(); s != nil {
		a.Routes = s.Policy
	}
	return a
}

// Queue lets one command out at a time, so that two quick presses reach the engine in their order. The
// zero value is empty.
type Queue struct {
	waiting []live.Command
	busy    bool
	asked   *Pending
}

// Add returns cmd when it can be sent now, nil when it waits behind the one on its way. A waiting command
// that cmd makes pointless (the same slider moved again) is replaced.
func (q *Queue) Add(cmd live.Command) live.Command {
	q.asked = q.asked.expect(cmd)
	if !q.busy {
		q.busy = true
		return cmd
	}
	if n := len(q.waiting); n > 0 && overrides(cmd, q.waiting[n-1]) {
		q.waiting[n-1] = cmd
	} else {
		q.waiting = append(q.waiting, cmd)
	}
	return nil
}

func overrides(cmd, earlier live.Command) bool {
	slot := slotOf(cmd)
	return slot != "" && slot == slotOf(earlier)
}

// Answered notes an answer that came when seq was the latest snapshot, and returns what is to be sent
// next, nil when nothing waits.
func (q *Queue) Answered(a Ack, seq uint64) live.Command {
	q.asked = q.asked.acknowledged(a, seq)
	if len(q.waiting) == 0 {
		q.busy = false
		return nil
	}
	next := q.waiting[0]
	q.waiting = q.waiting[1:]
	return next
}

// Settle forgets what was asked and what snapshot seq shows.
func (q *Queue) Settle(seq uint64) { q.asked = q.asked.settle(seq) }

// Asked is what was asked of the controls and no snapshot shows yet.
func (q *Queue) Asked() *Pending { return q.asked }
