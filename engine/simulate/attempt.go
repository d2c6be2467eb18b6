package simulate

import (
	"net/http"
	"time"

	"slbtui/routing/policy"
)

// arrive lets a request that is due reach its balancer.
func (w *world) arrive(r request) {
	var slot int32
	if n := len(w.free); n > 0 {
		slot, w.free = w.free[n-1], w.free[:n-1]
	} else {
		slot = int32(len(w.flights))
		w.flights = append(w.flights, flight{})
	}
	f := &w.flights[slot]
	*f = flight{request: r, record: int32(len(w.records)), serial: f.serial}
	w.records = append(w.records, Record{Due: r.due, Server: policy.NoServer})
	w.slots = append(w.slots, slot)
	w.open++
	w.route(slot, policy.NoServer)
}

// route lets the policy choose a server, not except, and hands the request over.
func (w *world) route(slot int32, except int) {
	f := &w.flights[slot]
	f.serial++ // what still refers to an earlier attempt refers to nothing
	b := &w.balancers[f.balancer]
	w.routing = &f.request
	i, token := b.policy.Pick(b.look(w.now, &w.health[b.health], except))
	if i < 0 || i >= len(w.servers) {
		w.settle(slot, true)
		return
	}
	f.heard, f.lost = false, false
	f.live, f.picked, f.token, f.server = true, w.now, token, int32(i)
	f.track = b.flights[i].Begin(w.now)
	w.records[f.record].Server = f.server
	w.send(int32(i), w.refOf(slot))
}

// end ends an attempt, if it still lives. A refused request tries once more, elsewhere.
func (w *world) end(ref flightRef, o policy.Outcome) {
	if !w.lives(ref) || w.flights[ref.slot].missed(o) {
		return
	}
	f := &w.flights[ref.slot]
	f.live = false
	w.balancers[f.balancer].flights[f.server].End(f.track)
	if !f.heard {
		o.Now, o.Latency = w.now, w.now-f.picked
		w.tell(f, o)
	}
	if f.streaming { // the client has long had what it waited for
		w.release(ref.slot)
		return
	}
	if o.Failure == policy.FailureConnect && !f.retried {
		f.retried = true
		w.route(ref.slot, int(f.server))
		return
	}
	w.settle(ref.slot, failed(o))
}

// failed tells whether a client has not got what it wanted.
func failed(o policy.Outcome) bool { return o.Failed() || o.Status >= http.StatusBadRequest }

// tell lets the balancer hear of an outcome.
func (w *world) tell(f *flight, o policy.Outcome) {
	f.heard = true
	b := &w.balancers[f.balancer]
	switch {
	case o.Measured():
		b.average[f.server].Add(w.now, float64(o.Latency)/float64(time.Millisecond))
	case o.Refused():
		b.average[f.server].Hold(w.now)
	}
	if b.ejector != nil {
		b.ejector.Record(int(f.server), o)
	}
	b.policy.Done(f.token, o)
}

// settle writes down what became of the request and frees its slot.
func (w *world) settle(slot int32, failed bool) {
	w.record(slot, failed)
	w.release(slot)
}

// record writes down what became of the request, as its client saw it.
func (w *world) record(slot int32, failed bool) {
	f := &w.flights[slot]
	r := &w.records[f.record]
	r.Latency, r.Failed = w.now-f.due, failed
	w.slots[f.record] = -1
	w.open--
}

func (w *world) release(slot int32) { w.free = append(w.free, slot) }

func (w *world) refOf(slot int32) flightRef { return flightRef{slot, w.flights[slot].serial} }

func (w *world) lives(ref flightRef) bool {
	f := &w.flights[ref.slot]
	return f.live && f.serial == ref.serial
}
