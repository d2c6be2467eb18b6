package policy

import (
	"fmt"
	"io"
	"slices"
	"time"

	"slbtui/qlearn"
	"slbtui/qlearn/deep"
)

var dqnSpec = Spec{
	Name:    "dqn",
	Summary: "the textbook's Deep Q-Network, learning online from continuous states; for comparison, not for real use",
	Source:  "Mnih et al. 2015",
	Learner: true,
	Dear:    true,
	Params: []string{
		"epsilon: share of the requests that go to a random server",
		"alpha: step size of Adam",
		"gamma: discount factor",
	},
	New: func(o Options) Policy { return newDQN(o) },
}

// dqn routes by a Deep Q-Network over the readings that the joint table makes levels of, with its rewards. The
// algorithm is described in package deep; here it gets a lock, readings and tokens. As for the joint table,
// what was learned is of use only for the same servers: a view of another size starts anew.
type dqn struct {
	guarded[*deep.Agent]
	reward  qlearn.RewardConfig
	servers []deep.Server // scratch of a decision
}

var dqnKnobs = []knob[*deep.Agent]{
	{Param{Name: "epsilon", Help: "share of the requests that go to a random server; set by hand it no longer decays", Min: 0, Max: 1, Step: 0.01},
		(*deep.Agent).Epsilon, (*deep.Agent).HoldEpsilon},
	{Param{Name: "alpha", Help: "step size of Adam: how far a batch of outcomes moves the network", Min: 0.00001, Max: 0.1, Step: 0.0005},
		(*deep.Agent).LearningRate, (*deep.Agent).SetLearningRate},
	{Param{Name: "gamma", Help: "discount factor: weight of the state a decision leads to", Min: 0, Max: 0.999, Step: 0.01},
		(*deep.Agent).DiscountFactor, (*deep.Agent).SetDiscountFactor},
}

func newDQN(o Options) *dqn {
	p := &dqn{reward: o.Reward}
	p.name, p.knobs = "dqn", dqnKnobs
	p.learner = deep.New(len(o.Servers), o.DQN, o.Encoder, NewRand(o.Seed))
	return p
}

// ReadsResponses implements ResponseReader: response times are a part of the state.
func (*dqn) ReadsResponses() {}

// Pick is epsilon-greedy.
func (p *dqn) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	serial, server := p.learner.Choose(p.see(v))
	if server < 0 {
		return NoServer, Token{Server: NoServer, At: v.Now}
	}
	p.explain(v.Now, server, server)
	return server, Token{Server: server, At: v.Now, Serial: serial}
}

// Observe sees the state and learns later from what becomes of the choice.
func (p *dqn) Observe(v View, server int) (Token, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if server < 0 || server >= len(v.Servers) {
		return Token{Server: NoServer, At: v.Now}, NoServer
	}
	serial, would := p.learner.Watch(p.see(v), server)
	if would < 0 {
		return Token{Server: server, At: v.Now}, NoServer
	}
	p.explain(v.Now, would, server)
	return Token{Server: server, At: v.Now, Serial: serial}, would
}

// see turns v into the agent's terms. The result is valid until the next call.
func (p *dqn) see(v View) []deep.Server {
	if len(v.Servers) != p.learner.Servers() {
		p.log.forget()
		p.learner.Resize(len(v.Servers))
	}
	p.servers = p.servers[:0]
	for i := range v.Servers {
		s := &v.Servers[i]
		p.servers = append(p.servers, deep.Server{
			Reading:   qlearn.Reading{CPU: s.CPU, Active: s.InFlight, ResponseMS: s.ResponseMS, Reachable: s.Reachable},
			Available: s.Available,
		})
	}
	return p.servers
}

func (p *dqn) explain(now time.Duration, chosen, routed int) {
	if p.log.wants(now) {
		p.log.add(Explained{At: now, Chosen: chosen, Routed: routed, Explored: p.learner.Explored(), Servers: p.learner.Explain()})
	}
}

// Done puts the reward of the decision that the token names into the replay, once, and studies some of it.
func (p *dqn) Done(t Token, o Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	reward := p.reward.FailurePenalty
	switch {
	case o.Failed():
	case o.Measured() || o.Refused(): // as in the joint table
		reward = p.reward.Latency(float64(o.Latency) / float64(time.Millisecond))
	default:
		return
	}
	if own, known := p.learner.Update(t.Serial, reward); own && known {
		p.learner.EndRequest()
	}
}

// Table works out of the network what each server is worth at each number of requests in flight, all else as at
// the latest decision. Decisions wait only while it copies.
func (p *dqn) Table(limit int) qlearn.Table {
	p.mu.Lock()
	picture := p.learner.Picture()
	p.mu.Unlock()
	return picture.Table(limit)
}

// Reset forgets the network, the replay, the episodes and with them the decay of epsilon. Alpha, gamma and an
// epsilon set by hand stay. Requests on their way teach nothing when they end.
func (p *dqn) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log.forget()
	p.learner.Reset()
}

// Save writes the network. It holds up decisions only while it copies.
func (p *dqn) Save(w io.Writer, servers []string) error {
	saved, err := p.saved(servers)
	if err != nil {
		return err
	}
	return saved.Write(w)
}

func (p *dqn) saved(servers []string) (deep.Saved, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	saved, err := p.learner.Save(servers)
	if err != nil {
		return saved, fmt.Errorf("dqn: %w", err)
	}
	return saved, nil
}

// Load replaces the network. Requests on their way teach nothing when they end.
func (p *dqn) Load(r io.Reader, servers []string) error {
	saved, err := p.learner.ReadSaved(r, servers)
	if err != nil {
		return fmt.Errorf("dqn: %w", err)
	}
	p.restore(saved)
	return nil
}

func (p *dqn) restore(saved deep.Saved) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log.forget()
	p.learner.Restore(saved)
}

// Inherit takes over the network when the servers are the same: it is about all of them together.
func (p *dqn) Inherit(old Learner, ids, oldIDs []string) error {
	o, ok := old.(*dqn)
	switch {
	case !ok:
		return notOfMyKind(p.name, old)
	case !slices.Equal(ids, oldIDs):
		return fmt.Errorf("%s starts anew: its network is for exactly the servers before", p.name)
	}
	saved, err := o.saved(ids)
	if err != nil {
		return err
	}
	p.restore(saved)
	return nil
}
