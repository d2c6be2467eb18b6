package policy

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
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
	guarded[*qlearn.Agent]
	encoder qlearn.EncoderConfig
	reward  qlearn.RewardConfig
	ledger  tokenLedger
	state   []byte // scratch of a decision
	mask    []bool // scratch of a decision
}

// jointParams are those of every learner of the joint table; all are configured by q_learning's block.
var jointParams = []string{
	"epsilon: share of the requests that go to a random server",
	"alpha: learning rate",
	"gamma: discount factor",
}

var jointKnobs = []knob[*qlearn.Agent]{
	{Param{Name: "epsilon", Help: "share of the requests that go to a random server; set by hand it no longer decays", Min: 0, Max: 1, Step: 0.01},
		(*qlearn.Agent).Epsilon, (*qlearn.Agent).HoldEpsilon},
	{Param{Name: "alpha", Help: "learning rate: how much of a cell each outcome replaces", Min: 0.001, Max: 1, Step: 0.01},
		(*qlearn.Agent).LearningRate, (*qlearn.Agent).SetLearningRate},
	{Param{Name: "gamma", Help: "discount factor: weight of the state a decision leads to", Min: 0, Max: 0.999, Step: 0.01},
		(*qlearn.Agent).DiscountFactor, (*qlearn.Agent).SetDiscountFactor},
}

func newJoint(name string, o Options, agent func(int, qlearn.Config, *rand.Rand) *qlearn.Agent) *joint {
	return &joint{
		guarded: guarded[*qlearn.Agent]{name: name, knobs: jointKnobs, learner: agent(len(o.Servers), o.QLearning, NewRand(o.Seed))},
		encoder: o.Encoder,
		reward:  o.Reward,
	}
}

// ReadsResponses implements ResponseReader: response times are a part of the state.
func (*joint) ReadsResponses() {}

// Pick is epsilon-greedy.
func (p *joint) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.encode(v)
	row, server := p.learner.Choose(p.state, p.mask)
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
	row, would := p.learner.Watch(p.state, p.mask, server)
	if would < 0 {
		return Token{Server: server, At: v.Now}, NoServer
	}
	p.explain(v.Now, would, server)
	return Token{Server: server, At: v.Now, Row: row, Serial: p.ledger.issue() << 1}, would
}

// encode turns v into the agent's terms.
func (p *joint) encode(v View) {
	if len(v.Servers) != p.learner.Servers() {
		p.forgetRequests()
		p.learner.Resize(len(v.Servers))
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
		p.learner.Update(t.Row, t.Server, p.reward.FailurePenalty)
	case o.Measured() || o.Refused(): // the original is paid for any answer
		p.learner.Update(t.Row, t.Server, p.reward.Latency(float64(o.Latency)/float64(time.Millisecond)))
	default:
		return
	}
	if t.Serial&ownDecision != 0 {
		p.learner.EndRequest()
	}
}

// Reset forgets the table, the episodes and with them the decay of epsilon. Alpha, gamma and an
// epsilon set by hand stay. Requests on their way teach nothing when they end.
func (p *joint) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forgetRequests()
	p.learner.Reset()
}

// forgetRequests lets those on their way teach nothing, and those gone by explain nothing.
func (p *joint) forgetRequests() {
	p.ledger.forget()
	p.log.forget()
}

func (p *joint) explain(now time.Duration, chosen, routed int) {
	if p.log.wants(now) {
		p.log.add(Explained{
			At: now, State: p.learner.State(), Chosen: chosen, Routed: routed,
			Explored: p.learner.Explored(), Servers: p.learner.Explain(),
		})
	}
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
	saved, err := p.learner.Save(servers)
	if err != nil {
		return saved, fmt.Errorf("%s: %w", p.name, err)
	}
	return saved, nil
}

// Load replaces the table. Requests on their way teach nothing when they end.
func (p *joint) Load(r io.Reader, servers []string) error {
	saved, err := p.learner.ReadSaved(r, servers)
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
	p.learner.Restore(saved)
}

// Inherit takes over the table when the servers are the same: it is about all of them together. It needs no
// file in between, as the table may be large.
func (p *joint) Inherit(old Learner, ids, oldIDs []string) error {
	o, ok := old.(*joint)
	switch {
	case !ok || o.name != p.name:
		return notOfMyKind(p.name, old)
	case !slices.Equal(ids, oldIDs):
		return fmt.Errorf("%s starts anew: its table is for exactly the servers before", p.name)
	}
	saved, err := o.saved(ids)
	if err != nil {
		return err
	}
	p.restore(saved)
	return nil
}
