package simulate

import "slbtui/routing/policy"

// accept lets server i receive a request.
func (w *world) accept(i int32, ref flightRef) {
	s := &w.servers[i]
	switch {
	case s.crashed:
		w.back(i, quick, event{what: refused, ref: ref})
	case s.Limit > 0 && !s.bucket.take(w.now, s.Limit):
		w.back(i, quick+s.delay, event{what: limited, ref: ref})
	case w.flights[ref.slot].luck < s.errorRate:
		w.back(i, quick+s.delay, event{what: errored, ref: ref})
	default:
		w.take(i, job{ref, w.flights[ref.slot].factor})
	}
}

// take lets server i work on a request as soon as it can.
func (w *world) take(i int32, j job) {
	s := &w.servers[i]
	s.weight += j.factor
	switch {
	case s.Discipline == Sharing:
		w.share(i, j)
	case s.free():
		w.start(i, j)
	default:
		s.queue.push(j)
	}
}

func (w *world) start(i int32, j job) {
	s := &w.servers[i]
	s.occupy(w.now, 1)
	service := s.service(w.flights[j.ref.slot].size, j.factor)
	w.calendar.plan(event{at: w.now + service, what: served, server: i, life: s.life, ref: j.ref, factor: j.factor})
}

// finish ends a service: the slot is free, the answer goes out, the queue moves up.
func (w *world) finish(e *event, s *station) {
	if e.life != s.life {
		return
	}
	if s.stalled > 0 {
		if e.at = s.stalled; e.at < forever {
			w.calendar.plan(*e)
		}
		return
	}
	s.occupy(w.now, -1)
	s.weight -= e.factor
	w.leave(e.server, e.ref)
	w.advance(e.server)
}

// leave sends an answer of server i on its way to the balancer.
func (w *world) leave(i int32, ref flightRef) {
	s := &w.servers[i]
	if s.delay > 0 || w.atlas.away != nil {
		w.back(i, s.delay, event{what: arrived, ref: ref})
	} else {
		w.answer(ref)
	}
}

// advance starts what waits in the queue while slots are free.
func (w *world) advance(i int32) {
	s := &w.servers[i]
	for s.queue.n > 0 && s.free() {
		if j := s.queue.pop(); w.lives(j.ref) {
			w.start(i, j)
		} else {
			s.weight -= j.factor
		}
	}
}

// change puts a server's faults into effect as one begins or ends.
func (w *world) change(s *station, i int32) {
	crashed, out := s.crashed, s.out
	s.wind(w.now)
	s.suffer(w.scenario.Faults, w.now)
	if s.crashed && !crashed {
		w.cut(s, i)
	}
	for h := range w.health {
		if w.health[h].servers[i].out = s.out; s.out != out {
			w.turned(h, i)
		}
	}
	if s.Discipline == Sharing {
		w.foresee(i)
	}
	w.advance(i)
}

// cut ends all that a crashing server was doing.
func (w *world) cut(s *station, i int32) {
	s.life++
	s.queue.clear()
	s.processor.empty()
	s.occupy(w.now, -s.busy)
	s.weight = 0
	for slot := range w.flights {
		if f := &w.flights[slot]; f.live && f.server == i {
			w.end(w.refOf(int32(slot)), policy.Outcome{Failure: policy.FailureRemote})
		}
	}
}
