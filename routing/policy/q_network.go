package policy

import (
	"math/rand/v2"
	"net/http"
	"time"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/qlearn/shared"
)

// networkCandidates is how many servers the network scores for a decision. A score takes about a third of a
// microsecond, so more would make a decision dear; drawing twelve of a hundred loses little.
const networkCandidates = 12

var qNetworkSpec = Spec{
	Name:    "q_network",
	Summary: "a small network trained offline in virtual time, shared by all servers; scores up to 12 drawn at random",
	Source:  "docs of qlearn/shared; DAgger: Ross, Gordon and Bagnell 2011",
	Learner: true,
	Dear:    true,
	Params: []string{
		"epsilon: share of the requests that go to a random server",
	},
	New: func(o Options) Policy { return NewQNetwork(o) },
}

// QNetwork routes by shared.Learner: an offline-trained network that scores one server at a time. Its weights
// do not change while it runs: what it keeps learning is how each server has been answering, which is
// what the network reads. The algorithm is described there; here it gets a lock, a random source, candidates
// and tokens.
type QNetwork struct {
	byServer[*shared.Learner]
	streams    factored.Streams
	rng        *rand.Rand
	drawn      []int              // scratch of a pick, so that none allocates
	candidates []shared.Candidate // the same
}

var networkKnobs = []knob[*shared.Learner]{
	{Param{Name: "epsilon", Help: "share of picks that go to a random server", Min: 0, Max: 1, Step: 0.01},
		func(l *shared.Learner) float64 { return l.Config().ExplorationRate },
		func(l *shared.Learner, value float64) {
			c := l.Config()
			c.ExplorationRate = value
			l.SetConfig(c)
		}},
}

// NewQNetwork returns the learner for o.Servers, with o.QNetwork, o.Network and o.Seed.
func NewQNetwork(o Options) *QNetwork {
	q := &QNetwork{
		streams:    o.QFactored.Streams, // a fact about the servers, whoever learns
		rng:        NewRand(o.Seed),
		drawn:      make([]int, 0, networkCandidates),
		candidates: make([]shared.Candidate, 0, networkCandidates),
	}
	q.start("q_network", networkKnobs, func() *shared.Learner { return shared.New(len(o.Servers), o.QNetwork, o.Network) })
	return q
}

// Pick chooses the candidate with the lowest score, or now and then a random one.
func (q *QNetwork) Pick(v View) (int, Token) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.learner.Choose(v.Now, q.draw(v), q.rng)
	if c.Server < 0 {
		return NoServer, Token{Server: NoServer, At: v.Now}
	}
	q.explain(v.Now, c.Server, c.Server, c.Explored)
	return c.Server, q.token(v, c.Server)
}

// Observe watches a decision of another policy.
func (q *QNetwork) Observe(v View, server int) (Token, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if server < 0 || server >= len(v.Servers) || server >= q.learner.Servers() {
		return Token{Server: NoServer, At: v.Now}, NoServer
	}
	would := q.learner.Watch(v.Now, q.draw(v), server, q.held(v, server), q.rng)
	if would < 0 {
		return Token{Server: server, At: v.Now}, NoServer
	}
	q.explain(v.Now, would, server, false)
	return q.token(v, server), would
}

// draw returns the candidates of a decision. The result is valid until the next call.
func (q *QNetwork) draw(v View) []shared.Candidate {
	v.Servers = v.Servers[:min(len(v.Servers), q.learner.Servers())]
	q.drawn = drawAvailable(q.rng, v, networkCandidates, q.drawn[:0])
	q.candidates = q.candidates[:0]
	for _, i := range q.drawn {
		s := &v.Servers[i]
		q.candidates = append(q.candidates, shared.Candidate{Server: i, InFlight: q.held(v, i), OldestAge: s.OldestAge})
	}
	return q.candidates
}

// held is how many of the own requests keep a server busy. Those of other balancers are left out on purpose: the
// network was trained without, its features set the own answers beside the own requests, and in
// worlds drawn with wild:SEED its mean rose by 1.7 % where it was told of them.
func (q *QNetwork) held(v View, server int) int {
	own, _ := v.Busy(server, q.streams)
	return own
}

func (q *QNetwork) token(v View, server int) Token {
	return Token{Server: server, At: v.Now, Row: q.held(v, server), Serial: q.serial}
}

func (q *QNetwork) explain(now time.Duration, chosen, routed int, explored bool) {
	if q.log.wants(now) {
		q.log.add(Explained{At: now, Chosen: chosen, Routed: routed, Explored: explored, Servers: q.learner.Explain()})
	}
}

// Done takes note of how the server answered. A failure enters no latency, nor does a refusal (4xx), which a server
// is blamed for as far as others refuse less, and at once where it says that it has too much; a cancelled request and a fault of
// the balancer itself say nothing of the server. A token of the time before Reset or Load is ignored.
func (q *QNetwork) Done(t Token, o Outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case t.Serial != q.serial:
	case o.Failed() || o.Refused() && o.Status == http.StatusTooManyRequests:
		q.learner.Fail(o.Now, t.Server)
	case o.Refused():
		q.learner.Refuse(o.Now, t.Server)
	case o.Measured():
		q.learner.Learn(o.Now, t.Server, t.Row, float64(o.Latency)/float64(time.Millisecond))
	}
}

// Latest calls see with what the network read of each measured candidate of the latest decision, as
// shared.Learner does: the network is trained on it. see must not call the policy.
func (q *QNetwork) Latest(see func(server int, features []float64, poolMS float64)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.learner.Latest(see)
}

// Table works out of the network what each server is worth at each number of requests in flight, in the present
// situation. Decisions wait only while it copies.
func (q *QNetwork) Table(limit int) qlearn.Table {
	q.mu.Lock()
	snapshot := q.learner.Snapshot()
	q.mu.Unlock()
	return snapshot.Table(limit)
}
