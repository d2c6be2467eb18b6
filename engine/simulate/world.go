package simulate

import (
	"net/http"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// quick is how long a refused connection or an injected error takes.
const quick = time.Millisecond

// stepsToYield take some 50 microseconds with few servers.
const stepsToYield = 100

// flight is one attempt of a request that has not ended.
type flight struct {
	request
	record  int32 // its number in the trace
	server  int32 // of the attempt
	serial  uint32
	live    bool
	retried bool
	picked  time.Duration
	token   policy.Token
	track   routing.Flight
}

// flightRef names an attempt; once that has ended it names none.
type flightRef struct {
	slot   int32
	serial uint32
}

// world is one run in progress.
type world struct {
	scenario  *Scenario
	now       time.Duration
	trace     *trace
	calendar  calendar
	servers   []station
	health    health
	balancers []balancer

	flights []flight
	free    []int32 // slots to use again
	records []Record
	slots   []int32 // of the flight of each record, -1 when it has ended
	open    int     // records without an end
	waiting int     // the first record that may still time out
}

func newWorld(sc *Scenario, seed uint64, policies []policy.Policy) (*world, error) {
	t, err := newTrace(sc, seed)
	if err != nil {
		return nil, err
	}
	w := &world{scenario: sc, trace: t, servers: make([]station, len(sc.Servers))}
	expected := int(sc.MeanRate() * sc.Duration.Seconds() * 1.1)
	w.records = make([]Record, 0, expected)
	w.slots = make([]int32, 0, expected)
	index := map[string]int32{}
	for i, s := range sc.Servers {
		index[s.ID] = int32(i)
		w.servers[i].Server = s
		w.servers[i].suffer(sc.Faults, 0)
	}
	for _, f := range sc.Faults {
		w.calendar.plan(event{at: f.At, what: faulty, server: index[f.Server]})
		if f.For > 0 {
			w.calendar.plan(event{at: f.end(), what: faulty, server: index[f.Server]})
		}
	}
	w.calendar.plan(event{at: pollFirst, what: polled})
	w.health = newHealth(w.servers)
	for _, p := range policies {
		if c, ok := p.(*clairvoyant); ok {
			c.world = w
		}
		var ejector *routing.Ejector
		if x := sc.Ejection; x != nil {
			ejector = routing.NewEjector(len(sc.Servers), x.Outlier, x.SlowStart, seed)
		}
		w.balancers = append(w.balancers, newBalancer(p, len(sc.Servers), ejector))
	}
	return w, nil
}

// run lets all happen until the last request has ended. Of one instant, events come first, then
// clients that give up, then requests that are due.
func (w *world) run() {
	for steps := 1; w.open > 0 || w.trace.due < forever; steps++ {
		if steps%stepsToYield == 0 && w.scenario.Yield != nil {
			w.scenario.Yield()
		}
		happens, deadline := w.calendar.at(), w.deadline()
		switch {
		case happens <= deadline && happens <= w.trace.due:
			e := w.calendar.next()
			w.now = e.at
			w.happen(&e)
		case deadline <= w.trace.due:
			w.now = deadline
			w.end(w.refOf(w.slots[w.waiting]), policy.Outcome{Failure: policy.FailureTimeout})
		default:
			w.now = w.trace.due
			w.arrive(w.trace.next())
		}
	}
}

// deadline is when the next client gives up. All wait equally long, so they do it in order.
func (w *world) deadline() time.Duration {
	for w.waiting < len(w.records) && w.slots[w.waiting] < 0 {
		w.waiting++
	}
	if w.waiting == len(w.records) {
		return forever
	}
	return w.records[w.waiting].Due + ClientTimeout
}

func (w *world) happen(e *event) {
	s := &w.servers[e.server]
	switch e.what {
	case served:
		w.finish(e, s)
	case arrived:
		w.end(e.ref, policy.Outcome{Status: http.StatusOK})
	case errored:
		w.end(e.ref, policy.Outcome{Status: http.StatusInternalServerError})
	case refused:
		w.end(e.ref, policy.Outcome{Failure: policy.FailureConnect})
	case faulty:
		w.change(s, e.server)
	case polled:
		w.health.poll(w.now, w.servers)
		w.calendar.plan(event{at: w.now + pollEvery, what: polled})
		if w.scenario.HealthAge == 0 {
			w.health.arrive()
		} else {
			w.calendar.plan(event{at: w.now + w.scenario.HealthAge, what: reported})
		}
	case reported:
		w.health.arrive()
	}
}

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
	i, token := b.policy.Pick(b.look(w.now, &w.health, except))
	if i < 0 || i >= len(w.servers) {
		w.settle(slot, true)
		return
	}
	f.live, f.picked, f.token, f.server = true, w.now, token, int32(i)
	f.track = b.flights[i].Begin(w.now)
	w.records[f.record].Server = f.server
	w.accept(int32(i), w.refOf(slot))
}

// accept lets server i receive a request.
func (w *world) accept(i int32, ref flightRef) {
	s := &w.servers[i]
	switch {
	case s.crashed:
		w.calendar.plan(event{at: w.now + quick, what: refused, ref: ref})
	case w.flights[ref.slot].luck < s.errorRate:
		w.calendar.plan(event{at: w.now + quick + s.delay, what: errored, ref: ref})
	case s.free():
		w.start(i, ref)
	default:
		s.queue.push(ref)
	}
}

func (w *world) start(i int32, ref flightRef) {
	s := &w.servers[i]
	s.occupy(w.now, 1)
	w.calendar.plan(event{at: w.now + s.service(w.flights[ref.slot].size), what: served, server: i, life: s.life, ref: ref})
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
	if s.delay > 0 {
		w.calendar.plan(event{at: w.now + s.delay, what: arrived, ref: e.ref})
	} else {
		w.end(e.ref, policy.Outcome{Status: http.StatusOK})
	}
	w.advance(e.server)
}

// advance starts what waits in the queue while slots are free.
func (w *world) advance(i int32) {
	s := &w.servers[i]
	for s.queue.n > 0 && s.free() {
		if ref := s.queue.pop(); w.lives(ref) {
			w.start(i, ref)
		}
	}
}

// change puts a server's faults into effect as one begins or ends.
func (w *world) change(s *station, i int32) {
	crashed := s.crashed
	s.suffer(w.scenario.Faults, w.now)
	if s.crashed && !crashed {
		w.cut(s, i)
	}
	w.advance(i)
}

// cut ends all that a crashing server was doing.
func (w *world) cut(s *station, i int32) {
	s.life++
	s.queue.clear()
	s.occupy(w.now, -s.busy)
	for slot := range w.flights {
		if f := &w.flights[slot]; f.live && f.server == i {
			w.end(w.refOf(int32(slot)), policy.Outcome{Failure: policy.FailureRemote})
		}
	}
}

// end ends an attempt, if it still lives. A refused request tries once more, elsewhere.
func (w *world) end(ref flightRef, o policy.Outcome) {
	if !w.lives(ref) {
		return
	}
	f := &w.flights[ref.slot]
	f.live = false
	b := &w.balancers[f.balancer]
	o.Now, o.Latency = w.now, w.now-f.picked
	b.flights[f.server].End(f.track)
	if o.Measured() {
		b.average[f.server].Add(w.now, float64(o.Latency)/float64(time.Millisecond))
	}
	if b.ejector != nil {
		b.ejector.Record(int(f.server), o)
	}
	b.policy.Done(f.token, o)
	if o.Failure == policy.FailureConnect && !f.retried {
		f.retried = true
		w.route(ref.slot, int(f.server))
		return
	}
	w.settle(ref.slot, o.Failed())
}

// settle writes down what became of the request and frees its slot.
func (w *world) settle(slot int32, failed bool) {
	f := &w.flights[slot]
	r := &w.records[f.record]
	r.Latency, r.Failed = w.now-f.due, failed
	w.slots[f.record] = -1
	w.open--
	w.free = append(w.free, slot)
}

func (w *world) refOf(slot int32) flightRef { return flightRef{slot, w.flights[slot].serial} }

func (w *world) lives(ref flightRef) bool {
	f := &w.flights[ref.slot]
	return f.live && f.serial == ref.serial
}
