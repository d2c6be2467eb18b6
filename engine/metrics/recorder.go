package metrics

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	keptSeconds  = 3600 // one hour of charts
	window       = 5    // seconds summed up as "now"
	livePhases   = 64   // phases that still take late results; older ones are closed for good
	keptPhases   = 1000
	phaseDigits  = 3
	secondDigits = 2 // live percentiles are read off a screen: 1 % is enough, and ten times smaller
)

// Recorder takes one call per ended request and keeps, in bounded memory, a summary of each policy
// phase, of each policy, and of each second, in all and per server. Safe for concurrent use.
//
// Two views are kept apart on purpose. Request is what the client saw, from the moment the request
// was due; the phases and the totals are made of it. Attempt is what one server did, as the proxy saw it.
type Recorder struct {
	closing  sync.Mutex // one change of seconds or servers at a time; taken before mu
	mu       sync.Mutex
	servers  int
	known    map[string]knownServer
	ids      []string // of all known servers, by number
	phases   []*phase
	dropped  int          // phases no longer kept
	current  atomic.Int64 // number of the phase in force, for the request path
	policies map[string]*policyTotal
	order    []string
	total    *ring
	attempts []*ring
	counts   []ServerTotal
	seconds  []Second
	scratch  *accumulator // of CloseSecond: a hundred servers need a hundred a second
}

// ServerTotal counts one server's attempts since the run began.
type ServerTotal struct {
	ID       string `json:"id"`
	Requests uint64 `json:"requests"`
	Failures uint64 `json:"failures"`
	// Abandoned are those of Failures for which a client waited no longer.
	Abandoned uint64 `json:"abandoned,omitempty"`
}

// PolicyTotal sums up all the phases of one policy.
type PolicyTotal struct {
	Policy   string            `json:"policy"`
	Learner  bool              `json:"learner"`
	Phases   int               `json:"phases"`
	Summary  Summary           `json:"latency_stats"`
	ByServer map[string]uint64 `json:"server_distribution"`
	Tail     []TailPoint       `json:"-"` // for plots: too long to read
}

// NewRecorder returns a recorder for servers with these ids. It has no phase yet: call StartPhase first.
func NewRecorder(ids []string) *Recorder {
	r := &Recorder{policies: map[string]*policyTotal{}, known: map[string]knownServer{}, total: newRing(), scratch: newAccumulator(secondDigits)}
	r.SetServers(ids)
	return r
}

// Answer is how one request has ended.
type Answer struct {
	Phase   int           // that it belongs to: a number from StartPhase
	Server  string        // the id of the one that answered, "" when none did
	Latency time.Duration // as whoever records it saw it
	Failed  bool          // by the server
	// Abandoned says that the client waited no longer for the server: a failure, too.
	Abandoned bool
	Refused   bool // the client was told of a failure, whoever's it was; Attempt does not look at it
}

// Request records what a client saw of one request.
func (r *Recorder) Request(a Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.request(&a, r.know(a.Server))
}

// Attempt records what one server did with one request, of whatever phase.
func (r *Recorder) Attempt(a Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempt(&a, r.know(a.Server))
}

// Served is Attempt and Request in one, where the proxy's view is the client's.
func (r *Recorder) Served(a Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.know(a.Server)
	r.attempt(&a, k)
	r.request(&a, k)
}

func (r *Recorder) request(a *Answer, server knownServer) {
	failed := a.Failed || a.Refused
	r.total.current.add(a.Latency, failed)
	p := r.phase(a.Phase)
	if p == nil {
		return
	}
	p.policy.sum.add(a.Latency, failed)
	if p.sum != nil {
		p.sum.add(a.Latency, failed)
		p.changed = true
	}
	p.answers.add(server.number)
	p.policy.answers.add(server.number)
}

func (r *Recorder) attempt(a *Answer, server knownServer) {
	if server.index < 0 {
		return
	}
	failed, current := a.Failed || a.Abandoned, r.attempts[server.index].current
	current.add(a.Latency, failed)
	r.counts[server.index].Requests++
	if failed {
		r.counts[server.index].Failures++
	}
	if a.Abandoned {
		current.abandoned++
		r.counts[server.index].Abandoned++
	}
}

// Gauge is what only the moment knows of a server when a second closes.
type Gauge struct {
	InFlight    int
	Utilisation float64 // 0-1, -1 when unknown
}

// CloseSecond ends the current second at the given time since the run began. gauges is indexed by server.
//
// Summing up the seconds of a hundred servers takes milliseconds. Requests go on meanwhile: they wait
// only while the accumulators of the next second take their places.
func (r *Recorder) CloseSecond(at time.Duration, gauges []Gauge) {
	r.closing.Lock()
	defer r.closing.Unlock()
	rings := append([]*ring{r.total}, r.attempts...)
	for _, ring := range rings {
		ring.prepare()
	}
	r.mu.Lock()
	for _, ring := range rings {
		ring.turn()
	}
	phase := 0
	if n := len(r.phases); n > 0 {
		p := r.phases[n-1]
		phase = p.info.Number
		if p.open {
			p.batches.close(batch{float64(p.sum.n), p.sum.mean * float64(p.sum.n)})
		}
	}
	r.mu.Unlock()

	t := r.total.latest()
	s := Second{
		At: at, Phase: phase, Requests: t.n + t.failures, Failures: t.failures, MeanMS: t.mean,
		P50MS: t.quantileMS(50), P95MS: t.quantileMS(95), P99MS: t.quantileMS(99),
		Servers: make([]ServerSecond, r.servers), Latencies: t.buckets(),
	}
	for i, ring := range r.attempts {
		a := ring.latest()
		s.Servers[i] = ServerSecond{
			Requests: a.n + a.failures, Failures: a.failures, P95MS: a.quantileMS(95), MeanMS: a.mean, Utilisation: -1,
		}
		if i < len(gauges) {
			s.Servers[i].InFlight, s.Servers[i].Utilisation = gauges[i].InFlight, gauges[i].Utilisation
		}
	}
	sums := make([]Summary, len(rings))
	for i, ring := range rings {
		sums[i] = ring.sum(r.scratch)
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	for i, ring := range rings {
		ring.cached = sums[i]
	}
	if len(r.seconds) == keptSeconds {
		r.seconds = r.seconds[1:] // never shifted in place: a published Snapshot may still read it
	}
	r.seconds = append(r.seconds, s)
}

// Live is what the recorder shows of the last seconds.
type Live struct {
	Now     Summary   // the last five closed seconds, client view
	Servers []Summary // the same per server, proxy view
	Seconds []Second  // shared with later calls: do not change
	Totals  []ServerTotal
}

// Live returns the last seconds.
func (r *Recorder) Live() Live {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := Live{Now: r.total.summary(), Seconds: r.seconds[:len(r.seconds):len(r.seconds)]}
	for _, a := range r.attempts {
		l.Servers = append(l.Servers, a.summary())
	}
	l.Totals = append(l.Totals, r.counts...)
	return l
}
