package policy

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
)

var qFactoredSpec = Spec{
	Name:    "q_factored",
	Summary: "for real use: a row per in-flight level, a column per server; counts the delay to others too",
	Source:  "docs of qlearn/factored",
	Learner: true,
	Params: []string{
		"epsilon: share of the requests that go to a random server",
		"alpha: minimal learning rate",
		"gamma: weight of the delay imposed on the requests already there, 0 selfish, 1 social",
	},
	New: func(o Options) Policy { return NewQFactored(o) },
}

// QFactored routes by factored.Learner: one row per in-flight level, one column per server. The
// algorithm is described there; here it gets a lock, a random source and tokens.
type QFactored struct {
	servers int // how many; never changes

	mu      sync.Mutex
	learner *factored.Learner
	rng     *rand.Rand
	serial  uint64                // of the tokens of now; Reset and Load start a new one
	loads   []factored.ServerLoad // scratch of a pick, so that none allocates
	log     explainLog
}

// Explanation is one server's score taken apart.
type Explanation = qlearn.Explanation

// NewQFactored returns the learner for o.Servers, with o.QFactored and o.Seed.
func NewQFactored(o Options) *QFactored {
	return &QFactored{
		servers: len(o.Servers),
		learner: factored.New(len(o.Servers), o.QFactored),
		rng:     NewRand(o.Seed),
		serial:  1,
		loads:   make([]factored.ServerLoad, 0, len(o.Servers)),
	}
}

// Name is "q_factored".
func (q *QFactored) Name() string { return "q_factored" }

// Pick chooses the server with the lowest score, or now and then a random one.
func (q *QFactored) Pick(v View) (int, Token) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.learner.Choose(v.Now, q.see(v), q.rng)
	q.explain(v.Now, c, c.Server)
	return c.Server, q.token(v, c)
}

// Observe makes the token for a decision of another policy, and tells what this one would have chosen.
func (q *QFactored) Observe(v View, server int) (Token, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	loads := q.see(v)
	would := q.learner.Best(v.Now, loads, q.rng)
	q.explain(v.Now, would, server)
	return q.token(v, q.learner.At(server, loads)), would.Server
}

// Done learns from the outcome. A cancelled request is neither failure nor measurement: how long it
// took at least has already shown in the server's oldest age. A local failure says nothing of the
// server. A token of the time before Reset or Load is ignored.
func (q *QFactored) Done(t Token, o Outcome) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case t.Serial != q.serial:
	case o.Failed():
		q.learner.Fail(o.Now, t.Server)
	case o.Measured():
		q.learner.Learn(o.Now, t.Server, t.Row, t.Expected, float64(o.Latency)/float64(time.Millisecond))
	}
}

// Explain shows why a pick on this view would go where it goes.
func (q *QFactored) Explain(v View) []Explanation {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Explain(v.Now, q.see(v))
}

// Services tells what the table says of each server as a queue. now is on the clock of View.Now.
func (q *QFactored) Services(now time.Duration) []factored.Service {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Services(now)
}

// Params lists epsilon, alpha and gamma.
func (q *QFactored) Params() []Param {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.learner.Config()
	return []Param{
		{Name: "epsilon", Help: "share of picks that go to a random server", Value: c.ExplorationRate, Min: 0, Max: 1, Step: 0.01},
		{Name: "alpha", Help: "minimal learning rate: higher forgets faster", Value: c.MinLearningRate, Min: 0.001, Max: 1, Step: 0.01},
		{Name: "gamma", Help: "weight of the delay imposed on requests already there: 0 selfish, 1 social", Value: c.SocialWeight, Min: 0, Max: 1, Step: 0.1},
	}
}

// SetParam changes one of Params. What was learned stays.
func (q *QFactored) SetParam(name string, value float64) error {
	if _, err := checkParam(q.Params(), name, value); err != nil {
		return fmt.Errorf("q_factored: %w", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.learner.Config()
	switch name {
	case "epsilon":
		c.ExplorationRate = value
	case "alpha":
		c.MinLearningRate = value
	case "gamma":
		c.SocialWeight = value
	}
	q.learner.SetConfig(c)
	return nil
}

// Reset forgets all that was learned, requests in flight included, and keeps the parameters.
func (q *QFactored) Reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.learner.Reset()
	q.log.forget()
	q.serial++
}

// Table returns the first limit visited rows, all when limit is 0 or less.
func (q *QFactored) Table(limit int) qlearn.Table {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Table(limit)
}

// Stats returns the learner's state in numbers.
func (q *QFactored) Stats() qlearn.Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Stats()
}

// Save writes what was learned, as factored.Learner does. A slow w delays no pick.
func (q *QFactored) Save(w io.Writer, servers []string) error {
	var b bytes.Buffer
	q.mu.Lock()
	err := q.learner.Save(&b, servers)
	q.mu.Unlock()
	if err != nil {
		return err
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("save q_factored table: %w", err)
	}
	return nil
}

// Load replaces what was learned by a saved table of the same servers in the same order, and
// keeps the parameters. On an error nothing changes. A slow r delays no pick.
func (q *QFactored) Load(r io.Reader, servers []string) error {
	loaded := factored.New(q.servers, factored.DefaultConfig())
	if err := loaded.Load(r, servers); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	loaded.SetConfig(q.learner.Config())
	q.learner = loaded
	q.log.forget()
	q.serial++
	return nil
}

// see copies out of the view what the learner needs. The result is valid until the next call.
func (q *QFactored) see(v View) []factored.ServerLoad {
	q.loads = q.loads[:0]
	for i := range v.Servers {
		s := &v.Servers[i]
		q.loads = append(q.loads, factored.ServerLoad{InFlight: s.InFlight, OldestAge: s.OldestAge, Available: s.Available})
	}
	return q.loads
}

func (q *QFactored) token(v View, c factored.Choice) Token {
	if c.Server < 0 {
		return Token{Server: NoServer, At: v.Now}
	}
	return Token{Server: c.Server, At: v.Now, Row: c.Level, Expected: c.ExpectedMS, Serial: q.serial}
}
