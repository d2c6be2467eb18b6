package policy

import (
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"slbtui/qlearn"
)

// ownDecision is the bit of Token.Serial that tells the learner's own decisions from those it
// watched; the bits above it are the ledger's serial.
const ownDecision = 1

// joint routes by a joint table of package qlearn: a row per combination of the servers' load
// levels, a column per server. Its agent decides which of the learners of that table it is.
//
// A failure earns the failure penalty however fast it came. A cancelled request and a fault of
// the balancer itself teach nothing. What was learned is of use only for the same servers: a
// view of another size starts the table anew.
type joint struct {
	name string

	mu      sync.Mutex
	agent   *qlearn.Agent
	encoder qlearn.EncoderConfig
	reward  qlearn.RewardConfig
	ledger  tokenLedger
	state   []byte // scratch of a decision
	mask    []bool // scratch of a decision
	log     explainLog
}

// jointParams are those of every learner of the joint table; all are configured by q_learning's block.
var jointParams = []string{
	"epsilon: share of the requests that go to a random server",
	"alpha: learning rate",
	"gamma: discount factor",
}

func newJoint(name string, o Options, agent func(int, qlearn.Config, *rand.Rand) *qlearn.Agent) *joint {
	return &joint{
		name:    name,
		agent:   agent(len(o.Servers), o.QLearning, NewRand(o.Seed)),
		encoder: o.Encoder,
		reward:  o.Reward,
	}
}

// Name is the learner's.
func (p *joint) Name() string { return p.name }

// ReadsResponses implements ResponseReader: response times are a part of the state.
func (*joint) ReadsResponses() {}

// Pick is epsilon-greedy.
func (p *joint) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.encode(v)
	row, server := p.agent.Choose(p.state, p.mask)
	if server < 0 {
		return NoServer, Token{Server: NoServer, At: v.Now}
	}
	p.explain(v.Now, server, server)
	return server, Token{Server: server, At: v.Now, Row: row, Serial: p.ledger.issue()<<1 | ownDecision}
}

// Observe sees the state and learns later from what becomes of the choice. It does not explore, so
// epsilon does not decay by it.
func (p *joint) Observe(v View, server int) (Token, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if server < 0 || server >= len(v.Servers) {
		return Token{Server: NoServer, At: v.Now}, NoServer
	}
	p.encode(v)
	row, would := p.agent.Watch(p.state, p.mask, server)
	if would < 0 {
		return Token{Server: server, At: v.Now}, NoServer
	}
	p.explain(v.Now, would, server)
	return Token{Server: server, At: v.Now, Row: row, Serial: p.ledger.issue() << 1}, would
}

// encode turns v into the agent's terms.
func (p *joint) encode(v View) {
	if len(v.Servers) != p.agent.Servers() {
		p.forgetRequests()
		p.agent.Resize(len(v.Servers))
	}
	p.state, p.mask = p.state[:0], p.mask[:0]
	for i := range v.Servers {
		s := &v.Servers[i]
		level := p.encoder.Level(qlearn.Reading{CPU: s.CPU, Active: s.InFlight, ResponseMS: s.ResponseMS, Reachable: s.Reachable})
		p.state = append(p.state, byte(level))
		p.mask = append(p.mask, s.Available)
	}
}

// Done pays the reward into the cell that the token names, once.
func (p *joint) Done(t Token, o Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ledger.settle(t.Serial >> 1) {
		return
	}
	switch {
	case o.Failed():
		p.agent.Update(t.Row, t.Server, p.reward.FailurePenalty)
	case o.Measured():
		p.agent.Update(t.Row, t.Server, p.reward.Latency(float64(o.Latency)/float64(time.Millisecond)))
	default:
		return
	}
	if t.Serial&ownDecision != 0 {
		p.agent.EndRequest()
	}
}

// Params lists epsilon, alpha and gamma.
func (p *joint) Params() []Param {
	p.mu.Lock()
	defer p.mu.Unlock()
	return []Param{
		{Name: "epsilon", Help: "share of the requests that go to a random server; set by hand it no longer decays", Value: p.agent.Epsilon(), Min: 0, Max: 1, Step: 0.01},
		{Name: "alpha", Help: "learning rate: how much of a cell each outcome replaces", Value: p.agent.LearningRate(), Min: 0.001, Max: 1, Step: 0.01},
		{Name: "gamma", Help: "discount factor: weight of the state a decision leads to", Value: p.agent.DiscountFactor(), Min: 0, Max: 0.999, Step: 0.01},
	}
}

// SetParam changes one of Params. An epsilon set by hand no longer decays.
func (p *joint) SetParam(name string, value float64) error {
	param, err := checkParam(p.Params(), name, value)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch param.Name {
	case "epsilon":
		p.agent.HoldEpsilon(value)
	case "alpha":
		p.agent.SetLearningRate(value)
	case "gamma":
		p.agent.SetDiscountFactor(value)
	}
	return nil
}

// Reset forgets the table, the episodes and with them the decay of epsilon. Alpha, gamma and an
// epsilon set by hand stay. Requests on their way teach nothing when they end.
func (p *joint) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetRequests()
	p.agent.Reset()
}

// forgetRequests lets those on their way teach nothing, and those gone by explain nothing.
func (p *joint) forgetRequests() {
	p.ledger.forget()
	p.log.forget()
}

func (p *joint) explain(now time.Duration, chosen, routed int) {
	if p.log.wants(now) {
		p.log.add(Explained{
			At: now, State: p.agent.State(), Chosen: chosen, Routed: routed,
			Explored: p.agent.Explored(), Servers: p.agent.Explain(),
		})
	}
}

// Explained returns a sample of the latest decisions.
func (p *joint) Explained() []Explained {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.all()
}

// Table returns the limit most visited states, all of them when limit is not above 0.
func (p *joint) Table(limit int) qlearn.Table {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.agent.Table(limit)
}

// Stats sums up what was learned.
func (p *joint) Stats() qlearn.Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.agent.Stats()
}

// Save writes the table. It holds up decisions only while it copies.
func (p *joint) Save(w io.Writer, servers []string) error {
	saved, err := p.saved(servers)
	if err != nil {
		return err
	}
	return saved.Write(w)
}

// saved is a copy of the table.
func (p *joint) saved(servers []string) (qlearn.Saved, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	saved, err := p.agent.Save(servers)
	if err != nil {
		return saved, fmt.Errorf("%s: %w", p.name, err)
	}
	return saved, nil
}

// Load replaces the table. Requests on their way teach nothing when they end.
func (p *joint) Load(r io.Reader, servers []string) error {
	saved, err := p.agent.ReadSaved(r, servers)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	p.restore(saved)
	return nil
}

// restore makes a copy the table.
func (p *joint) restore(saved qlearn.Saved) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetRequests()
	p.agent.Restore(saved)
}
