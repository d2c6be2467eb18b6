package simulate

import (
	"net/http"
	"time"

	"slbtui/qlearn/factored"
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
	lost    bool // on its way, by a cut: the balancer hears of it no more

	streaming bool          // the client has the beginning of its answer
	heard     bool          // the policy knows the outcome
	firstByte time.Duration // from the pick to that beginning
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
	health    []health       // one for all balancers or, where some may be cut off, one each
	said      []healthReport // scratch of a poll
	polled    time.Duration  // last time
	balancers []balancer
	atlas     atlas
	routing   *request         // the one that a policy is asked about
	streams   factored.Streams // whether balancers tell of those, too

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
		w.servers[i].bucket = newBucket(s.Limit)
		w.servers[i].suffer(sc.Faults, 0)
	}
	w.atlas = newAtlas(sc)
	for _, f := range sc.Faults {
		if f.Cut != (ZonePair{}) {
			continue
		}
		w.calendar.plan(event{at: f.At, what: faulty, server: index[f.Server]})
		if f.For > 0 {
			w.calendar.plan(event{at: f.End(), what: faulty, server: index[f.Server]})
		}
	}
	w.calendar.plan(event{at: pollFirst, what: polled})
	for i, p := range policies {
		if i == 0 || w.atlas.cut != nil {
			w.health = append(w.health, newHealth(w.servers))
		}
		if insider, ok := p.(Insider); ok {
			insider.Inform(w.truth)
		}
		var ejector *routing.Ejector
		if x := sc.Ejection; x != nil {
			ejector = routing.NewEjector(len(sc.Servers), x.Outlier, x.SlowStart, seed)
		}
		w.balancers = append(w.balancers, newBalancer(p, len(sc.Servers), ejector))
		w.balancers[i].health = len(w.health) - 1
	}
	w.planCuts()
	w.shareReports()
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
	return w.records[w.waiting].Due + w.scenario.patience()
}

func (w *world) happen(e *event) {
	s := &w.servers[e.server]
	switch e.what {
	case reached:
		if w.lives(e.ref) && !w.flights[e.ref.slot].lost {
			w.accept(e.server, e.ref)
		}
	case served:
		w.finish(e, s)
	case shared:
		w.ended(e, s)
	case arrived:
		w.answer(e.ref)
	case errored:
		w.end(e.ref, policy.Outcome{Status: http.StatusInternalServerError})
	case limited:
		w.end(e.ref, policy.Outcome{Status: s.refusal()})
	case settled:
		w.hear(e.ref)
	case streamed:
		w.end(e.ref, policy.Outcome{Status: http.StatusOK})
	case refused:
		w.end(e.ref, policy.Outcome{Failure: policy.FailureConnect})
	case faulty:
		w.change(s, e.server)
	case cutting:
		w.part()
	case polled:
		w.poll()
		w.calendar.plan(event{at: w.now + pollEvery, what: polled})
		if w.scenario.HealthAge == 0 {
			w.report()
		} else {
			w.calendar.plan(event{at: w.now + w.scenario.HealthAge, what: reported})
		}
	case reported:
		w.report()
	case told:
		w.tellEachOther()
	}
}
