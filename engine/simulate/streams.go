package simulate

import (
	"net/http"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// answer lets an answer reach the balancer: all of it, or the beginning of one that streams on. What the
// client waited for is the beginning, whoever hears of it when.
func (w *world) answer(ref flightRef) {
	if !w.lives(ref) || w.flights[ref.slot].lost {
		return
	}
	f := &w.flights[ref.slot]
	if f.hold == 0 {
		w.end(ref, policy.Outcome{Status: http.StatusOK})
		return
	}
	f.streaming, f.firstByte = true, w.now-f.picked
	w.balancers[f.balancer].flights[f.server].Answer(f.track, w.now+routing.SettleAfter(f.firstByte))
	w.record(ref.slot, false)
	w.calendar.plan(event{at: w.now + f.hold, what: streamed, ref: ref})
	if !f.whole {
		w.hear(ref)
	} else if wait := routing.SettleAfter(f.firstByte); wait < f.hold {
		w.calendar.plan(event{at: w.now + wait, what: settled, ref: ref})
	}
}

// hear lets the policy learn how long an answer took to begin that goes on. Until its end the request
// counts as in flight, and ages no more.
func (w *world) hear(ref flightRef) {
	if !w.lives(ref) {
		return
	}
	f := &w.flights[ref.slot]
	w.balancers[f.balancer].flights[f.server].Stream(f.track)
	w.tell(f, policy.Outcome{Now: w.now, Latency: f.firstByte, Status: http.StatusOK})
}
