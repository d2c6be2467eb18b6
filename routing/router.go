package routing

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing/policy"
)

// Router asks the policy in force for each request and lets the watchers, learners mostly, that do not route see it.
// It is safe for concurrent use. Policies must be pointers: they are told apart by identity.
type Router struct {
	pool    *Pool
	current atomic.Pointer[route]
	next    atomic.Pointer[Router] // that has taken over
	shadows []*shadow
	foreign atomic.Pointer[ForeignLoad] // what other balancers told; nil: nobody tells
	records sync.Pool                   // of *record
	sights  sync.Pool                   // of *sight
}

// sight is scratch space of a pick. A request on its way does not keep it: a thousand views of a hundred
// servers would not fit in any cache.
type sight struct {
	servers []policy.ServerView
	stand   []standing
	foreign []float64
}

// route is the policy in force. A decision keeps the one it was made under.
type route struct {
	policy policy.Policy
	name   string
	self   int // index among the shadows, -1 when the policy is none of them
	// averages tells whether the policy or a shadow looks at ServerView.ResponseMS.
	averages bool
}

// NewRouter makes p route over pool. The shadows observe every decision that is not their own.
func NewRouter(pool *Pool, p policy.Policy, shadows ...policy.Watcher) *Router {
	r := &Router{pool: pool}
	for _, w := range shadows {
		r.shadows = append(r.shadows, &shadow{watcher: w})
	}
	r.records.New = func() any {
		return &record{router: r, tokens: make([]policy.Token, len(shadows))}
	}
	r.sights.New = func() any {
		return &sight{servers: make([]policy.ServerView, len(pool.upstreams)), stand: make([]standing, len(pool.upstreams))}
	}
	r.SetPolicy(p)
	return r
}

// SetPolicy makes p route from the next Pick on. Requests in flight complete under the policy
// that chose for them. Agreement starts anew.
func (r *Router) SetPolicy(p policy.Policy) {
	next := &route{policy: p, name: p.Name(), self: -1, averages: policy.ReadsResponses(p)}
	for i, s := range r.shadows {
		s.reset()
		next.averages = next.averages || policy.ReadsResponses(s.watcher)
		if any(s.watcher) == any(p) {
			next.self = i
		}
	}
	r.current.Store(next)
}

// Policy is the one in force.
func (r *Router) Policy() policy.Policy { return r.current.Load().policy }

// Agreement is the share, 0-1, of about the last 200 decisions since SetPolicy on which w would
// have chosen the same server. It is 1 for the policy in force, and 0 before the first decision
// or for one that does not watch.
func (r *Router) Agreement(w policy.Watcher) float64 {
	if any(r.Policy()) == any(w) {
		return 1
	}
	for _, s := range r.shadows {
		if s.watcher == w {
			return s.agreement()
		}
	}
	return 0
}

// Watches tells whether w is one of the shadows.
func (r *Router) Watches(w policy.Watcher) bool {
	return slices.ContainsFunc(r.shadows, func(s *shadow) bool { return s.watcher == w })
}

// Pick chooses a server for one attempt of a request, never one of exclude, and counts it as in
// flight from now. It returns false when no server is available. Every Decision needs its Done.
func (r *Router) Pick(exclude ...int) (Decision, bool) {
	d, v := r.pickUnlined(exclude)
	return d, v == verdictPicked
}

// verdict is what came of a pick.
type verdict uint8

const (
	verdictNobody verdict = iota // no server is available
	verdictFull                  // those that are have no room: worth waiting for
	verdictPicked
)

// pickUnlined is pick for whoever does not stand in line. Who joined it meanwhile may have found no place but
// the one that was held here for an instant.
func (r *Router) pickUnlined(exclude []int) (Decision, verdict) {
	d, v := r.pick(exclude)
	if v != verdictPicked {
		r.pool.waiters.wake()
	}
	return d, v
}

func (r *Router) pick(exclude []int) (Decision, verdict) {
	if !r.pool.reserve() {
		return Decision{}, verdictFull
	}
	begun, picked := false, false
	rec, sight := r.records.Get().(*record), r.sights.Get().(*sight)
	defer r.sights.Put(sight)
	rec.route, rec.at, rec.streams = r.current.Load(), r.pool.Now(), false
	full := r.pool.view(sight.servers, sight.stand, rec.at, exclude, rec.route.averages)
	v := policy.View{Now: rec.at, Servers: sight.servers}
	if told := r.foreign.Load(); told != nil {
		sight.foreign = told.At(rec.at, sight.foreign[:0])
		v.Foreign, v.Unheard = sight.foreign, told.Unheard()
	}
	defer func() {
		switch {
		case picked:
		case begun: // a shadow panicked: nobody will ever hold the decision
			r.pool.upstreams[rec.server].end(rec.flight)
			r.pool.left()
		default:
			r.pool.unreserve()
		}
	}()

	if len(v.Servers) == 0 { // none was found yet: no policy could say anything
		r.records.Put(rec)
		return Decision{}, verdictNobody
	}
	server, token := rec.route.policy.Pick(v)
	if server < 0 || server >= len(v.Servers) || !v.Servers[server].Available {
		r.records.Put(rec)
		if full {
			return Decision{}, verdictFull
		}
		return Decision{}, verdictNobody
	}
	var ok bool
	if rec.flight, ok = r.pool.upstreams[server].begin(rec.at); !ok { // others were quicker
		rec.route.policy.Done(token, policy.Outcome{Now: rec.at, Cancelled: true})
		r.records.Put(rec)
		return Decision{}, verdictFull
	}
	begun, rec.server, rec.token = true, server, token
	d := Decision{rec: rec, gen: rec.gen.Load(), server: server, policy: rec.route.name, at: rec.at, inFlight: v.Servers[server].InFlight}
	for i, s := range r.shadows {
		if i != rec.route.self {
			rec.tokens[i] = s.observe(v, server)
		}
	}
	picked = true
	return d, verdictPicked
}

// Decision is a server chosen for one attempt of a request. It is a small value to hand around;
// completing any copy completes them all. The zero value is complete.
type Decision struct {
	rec      *record
	gen      uint64
	server   int
	policy   string
	at       time.Duration
	inFlight int
}

// record is the state behind a Decision, used again after Done. Its generation tells a live
// Decision from one whose record has been given to another request.
type record struct {
	router  *Router
	gen     atomic.Uint64
	route   *route
	at      time.Duration
	server  int
	flight  Flight
	streams bool           // Answered was called
	token   policy.Token   // of the policy that routed
	tokens  []policy.Token // of the shadows, by index
}

// Server is the index of the server to use.
func (d Decision) Server() int { return d.server }

// Policy is the name of the policy that chose it.
func (d Decision) Policy() string { return d.policy }

// At is when the pick was, on the pool's clock.
func (d Decision) At() time.Duration { return d.at }

// InFlight is how many requests the server had in flight at the pick, this one left out.
func (d Decision) InFlight() int { return d.inFlight }

// Age is how long ago the pick was; 0 after Done.
func (d Decision) Age() time.Duration {
	if d.rec == nil || d.rec.gen.Load() != d.gen {
		return 0
	}
	return d.rec.router.pool.Now() - d.rec.at
}

// Answered reports an outcome early, for a response that will stream until one side has enough:
// the time to its end says nothing about the server. The request stays in flight until Done,
// whose own outcome is then ignored. Only the goroutine that will call Done may call it.
func (d Decision) Answered(o policy.Outcome) policy.Outcome {
	if d.rec == nil || d.rec.gen.Load() != d.gen || d.rec.streams {
		return o
	}
	o = d.rec.stamp(o)
	d.rec.streams = true
	d.rec.complete(o, true)
	return o
}

// Suspend tells that from now on the request's client is waited for, and not the server: meanwhile the
// request does not age. Resume ends that. Whoever calls Answered or Done sees to it that neither is
// called any more.
func (d Decision) Suspend() { d.turn((*Tracker).Settle) }

// Resume tells that the server is waited for again: the request ages anew.
func (d Decision) Resume() {
	d.turn(func(t *Tracker, f Flight) { t.Resume(f, d.rec.router.pool.Now()) })
}

// Begun tells that the answer has begun. Until rest has passed nobody expects the rest of it; from then on
// that is what the request waits for.
func (d Decision) Begun(rest time.Duration) {
	d.turn(func(t *Tracker, f Flight) { t.Answer(f, d.rec.router.pool.Now()+rest) })
}

func (d Decision) turn(change func(*Tracker, Flight)) {
	if d.rec != nil && d.rec.gen.Load() == d.gen {
		u := d.rec.router.pool.upstreams[d.rec.server]
		u.mu.Lock()
		defer u.unlock()
		change(&u.flights, d.rec.flight)
	}
}

// Done reports what became of the attempt: to the pool, to the policy that chose, and to the
// learners that watched. Only the first call counts. A zero o.Now is filled in, with the latency
// since Pick without o.Waited, and the outcome as reported is returned.
func (d Decision) Done(o policy.Outcome) policy.Outcome {
	if d.rec == nil || !d.rec.gen.CompareAndSwap(d.gen, d.gen+1) {
		return o
	}
	rec := d.rec
	defer rec.router.pool.left() // even if a policy panics
	o = rec.stamp(o)
	if rec.streams {
		rec.router.pool.upstreams[rec.server].end(rec.flight)
	} else {
		rec.complete(o, false)
	}
	rec.route = nil
	rec.router.records.Put(rec)
	return o
}

func (rec *record) stamp(o policy.Outcome) policy.Outcome {
	if o.Now == 0 {
		o.Now = rec.router.pool.Now()
		o.Latency = max(0, o.Now-rec.at-o.Waited)
	}
	return o
}

func (rec *record) complete(o policy.Outcome, streams bool) {
	rec.router.pool.answered(rec.server, rec.flight, o, streams)
	rec.route.policy.Done(rec.token, o)
	for i, s := range rec.router.shadows {
		if i != rec.route.self {
			s.watcher.Done(rec.tokens[i], o)
		}
	}
}
