package policy

import (
	"math/rand/v2"
	"net/http"
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
	byServer[*factored.Learner]
	rng  *rand.Rand
	seen factoredView // of the pick under way
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
	q := &QFactored{rng: NewRand(o.Seed)}
	q.start("q_factored", factoredKnobs, func() *factored.Learner { return factored.New(len(o.Servers), o.QFactored) })
	return q
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

// Partial tells what the last Load or Inherit left out, and why; "" when it was nothing.
func (q *QFactored) Partial() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.learner.Partial()
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

// Unheard is the share of foreign means that no report has filled yet.
func (v *factoredView) Unheard() float64 { return v.View.Unheard }

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
