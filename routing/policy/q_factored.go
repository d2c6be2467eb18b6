package policy

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
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
	guarded[*factored.Learner]
	servers int // how many; never changes
	rng     *rand.Rand
	serial  uint64       // of the tokens of now; Reset and Load start a new one
	seen    factoredView // of the pick under way
}

// factoredKnobs change one number each of the configuration. What was learned stays.
var factoredKnobs = []knob[*factored.Learner]{
	factoredKnob(Param{Name: "epsilon", Help: "share of picks that go to a random server", Min: 0, Max: 1, Step: 0.01},
		func(c *factored.Config) *float64 { return &c.ExplorationRate }),
	factoredKnob(Param{Name: "alpha", Help: "minimal learning rate: higher forgets faster", Min: 0.001, Max: 1, Step: 0.01},
		func(c *factored.Config) *float64 { return &c.MinLearningRate }),
	factoredKnob(Param{Name: "gamma", Help: "weight of the delay imposed on requests already there: 0 selfish, 1 social", Min: 0, Max: 1, Step: 0.1},
		func(c *factored.Config) *float64 { return &c.SocialWeight }),
}

func factoredKnob(p Param, of func(*factored.Config) *float64) knob[*factored.Learner] {
	return knob[*factored.Learner]{
		Param: p,
		get: func(f *factored.Learner) float64 {
			c := f.Config()
			return *of(&c)
		},
		set: func(f *factored.Learner, value float64) {
			c := f.Config()
			*of(&c) = value
			f.SetConfig(c)
		},
	}
}

// NewQFactored returns the learner for o.Servers, with o.QFactored and o.Seed.
func NewQFactored(o Options) *QFactored {
	return &QFactored{
		guarded: guarded[*factored.Learner]{name: "q_factored", knobs: factoredKnobs, learner: factored.New(len(o.Servers), o.QFactored)},
		servers: len(o.Servers),
		rng:     NewRand(o.Seed),
		serial:  1,
	}
}

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
	case o.Failed() || o.Status == http.StatusTooManyRequests:
		q.learner.Fail(o.Now, t.Server)
	case o.Refused():
		q.learner.Refuse(o.Now, t.Server)
	case o.Measured():
		q.learner.Learn(o.Now, t.Server, t.Row, t.Expected, float64(o.Latency)/float64(time.Millisecond))
	}
}

// Explain shows why a pick on this view would go where it goes.
func (q *QFactored) Explain(v View) []qlearn.Explanation {
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

// Reset forgets all that was learned, requests in flight included, and keeps the parameters.
func (q *QFactored) Reset() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.learner.Reset()
	q.log.forget()
	q.serial++
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
	loaded := factored.New(q.servers, q.config())
	if err := loaded.Load(r, servers); err != nil {
		return err
	}
	q.replace(loaded)
	return nil
}

// Inherit keeps the tables of the servers that stay: there is one per server.
func (q *QFactored) Inherit(old Learner, ids, oldIDs []string) error {
	o, ok := old.(*QFactored)
	if !ok {
		return notOfMyKind(q, old)
	}
	from := make([]int, len(ids))
	for i, id := range ids {
		from[i] = slices.Index(oldIDs, id)
	}
	next := factored.New(len(ids), q.config())
	o.mu.Lock()
	next.Adopt(o.learner, from)
	o.mu.Unlock()
	q.replace(next)
	return nil
}

// Partial tells what the last Load or Inherit left out, and why; "" when it was nothing.
func (q *QFactored) Partial() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Partial()
}

func (q *QFactored) config() factored.Config {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Config()
}

// replace makes next what was learned, and keeps the parameters. Tokens of before teach nothing.
func (q *QFactored) replace(next *factored.Learner) {
	q.mu.Lock()
	defer q.mu.Unlock()
	next.SetConfig(q.learner.Config())
	q.learner = next
	q.log.forget()
	q.serial++
}

func (q *QFactored) explain(now time.Duration, chosen factored.Choice, routed int) {
	if chosen.Server >= 0 && q.log.wants(now) {
		q.log.add(Explained{
			At: now, Chosen: chosen.Server, Routed: routed, Explored: chosen.Explored,
			Servers: q.learner.Explain(now, &q.seen),
		})
	}
}

// see lets the learner look at v, until the next call.
func (q *QFactored) see(v View) *factoredView {
	q.seen = factoredView{v, q.learner.Config().Streams}
	return &q.seen
}

// factoredView is a View as the learner reads it.
type factoredView struct {
	View
	streams factored.Streams
}

// Len is how many servers there are.
func (v *factoredView) Len() int { return len(v.Servers) }

// Load is what the learner needs of one.
func (v *factoredView) Load(server int) factored.ServerLoad {
	s := &v.Servers[server]
	own, foreign := v.Busy(server, v.streams)
	return factored.ServerLoad{InFlight: own, Foreign: foreign, OldestAge: s.OldestAge, Available: s.Available}
}

func (q *QFactored) token(v View, c factored.Choice) Token {
	if c.Server < 0 {
		return Token{Server: NoServer, At: v.Now}
	}
	return Token{Server: c.Server, At: v.Now, Row: c.Level, Expected: c.ExpectedMS, Serial: q.serial}
}
