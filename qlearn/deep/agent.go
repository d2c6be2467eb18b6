package deep

import (
	"math"
	"math/rand/v2"

	"slbtui/qlearn"
	"slbtui/qlearn/net"
)

const (
	hidden     = 32  // units in each of two hidden layers
	batch      = 32  // transitions of a step, drawn from the replay
	perOutcome = 8   // of them studied with each outcome: a step every fourth, as in the paper
	warmup     = 64  // transitions before the first
	syncSteps  = 100 // steps after which the target network is the online one again
	clipError  = 1   // of the derivative of the loss: Huber's, as in the paper

	// maxWork bounds perOutcome times the parameters, so that an outcome costs microseconds also with many
	// servers: a step then takes more outcomes.
	maxWork = 16_000

	// rewardUnit makes rewards of qlearn numbers that a network likes: 1 is 100 ms.
	rewardUnit = 10
)

// DefaultConfig is that of the joint table, but for a step size that suits a network.
func DefaultConfig() qlearn.Config {
	c := qlearn.DefaultConfig()
	c.LearningRate = 1e-3
	return c
}

// Agent is a Deep Q-Network with an epsilon-greedy policy. The network Q reads the continuous state s of all
// servers and has an output for each: what it is worth to send the next request there. With theta its weights
// and theta' those of the target network, a copy from some time ago, an outcome of reward r in s, a, with s' the
// state after it, has the loss
//
//	L = Huber(r + gamma * max_a' Q(s',a'; theta') - Q(s,a; theta))
//
// The maximum is over what was available in s'. Outcomes are drawn at random from a replay buffer, since those
// in a row are much alike. Mnih et al., "Human-level control through deep reinforcement learning", Nature 518,
// 2015; the step size is Adam's.
//
// As in the joint table, s' is the state of the latest decision when the answer arrives, and a failure has the
// reward that the caller gives it. Memory is bounded: see replay. A new one is made by New.
type Agent struct {
	qlearn.Tuning
	high    qlearn.EncoderConfig // whose upper thresholds are the units of the state
	rng     *rand.Rand
	servers int

	// The rest is made with the first decision, since most agents never take one.
	online, target *net.Network
	pass           *net.Pass
	loss           []float64 // dL/dQ of one transition
	gradient       *net.Gradient
	adam           *net.Adam
	replay         replay
	studied        int // transitions of the step to come
	steps          uint64

	visits     [][qlearn.InFlightLevels]uint64 // by server: outcomes, by its requests in flight at the decision
	used       [qlearn.InFlightLevels]uint64   // by row: the latest decision in it
	latest     uint64                          // serial of the latest decision, 0 before it
	restored   []float32                       // state of the latest decision of a former life
	lastServer int
	exploring  bool

	updates  uint64
	explored mean
	missed   mean
	reward   mean
}

// mean of about the last 200 values; of the first ones a plain one.
type mean struct {
	value float64
	count int
}

func (m *mean) add(x float64) {
	m.count = min(m.count+1, 200)
	m.value += (x - m.value) / float64(m.count)
}

// New returns an agent of so many servers that has learned nothing.
func New(servers int, cfg qlearn.Config, high qlearn.EncoderConfig, rng *rand.Rand) *Agent {
	a := &Agent{Tuning: qlearn.NewTuning(cfg), high: high, rng: rng}
	a.Resize(servers)
	return a
}

// Servers returns how many servers the network reads of.
func (a *Agent) Servers() int { return a.servers }

// Resize makes it an agent of so many servers. What was learned of others is forgotten as by Reset.
func (a *Agent) Resize(servers int) {
	a.servers = servers
	a.Reset()
}

// Reset forgets all that was learned, also how far epsilon has decayed, and what is in flight. The parameters
// stay, among them an epsilon that was set by hand.
func (a *Agent) Reset() {
	serial := a.replay.last // never goes back, so that no token of before is taken for one of now
	*a = Agent{Tuning: a.Tuning, high: a.high, rng: a.rng, servers: a.servers, lastServer: -1}
	a.replay.last = serial
	a.Resume(0, 0)
}

// prepare makes what the first decision needs. The weights of the network are drawn from rng.
func (a *Agent) prepare() {
	if a.online == nil {
		a.adopt(net.New(a.rng.Uint64(), a.sizes()...))
		a.visits = make([][qlearn.InFlightLevels]uint64, a.servers)
	}
	a.replay.prepare(a.servers)
}

func (a *Agent) sizes() []int { return []int{perServer * a.servers, hidden, hidden, a.servers} }

// adopt makes n the online network.
func (a *Agent) adopt(n *net.Network) {
	a.online, a.target = n, n.Clone()
	a.pass, a.gradient, a.adam = n.NewPass(), n.NewGradient(), net.NewAdam(n)
	a.loss = make([]float64, a.servers)
}

// Choose returns an action for the servers as they are, and the serial that Update wants: with probability
// epsilon any of the available, else one with the highest Q. The action is -1 when no server is available.
func (a *Agent) Choose(servers []Server) (serial uint64, action int) {
	d := a.see(servers)
	if d == nil {
		return 0, -1
	}
	a.exploring = a.rng.Float64() < a.Epsilon()
	if a.exploring {
		a.explored.add(1)
		d.action = a.random(d)
	} else {
		a.explored.add(0)
		d.action = a.greedy(d)
	}
	d.own = true
	a.decided(d, servers)
	return d.serial, d.action
}

// Watch takes note of a decision that another policy took: to send a request to action. It returns the serial
// that Update wants and the server the agent itself would have chosen without exploring, -1 when no server is
// available. Q-learning is off-policy, so it learns from such a decision as from its own.
func (a *Agent) Watch(servers []Server, action int) (serial uint64, would int) {
	d := a.see(servers)
	if d == nil {
		return 0, -1
	}
	d.action, a.exploring = action, false
	a.decided(d, servers)
	return d.serial, a.greedy(d)
}

// see puts the state into the replay. It returns nil, and changes nothing, without an available server.
func (a *Agent) see(servers []Server) *decision {
	if len(servers) != a.servers || !anyAvailable(servers) {
		return nil
	}
	a.prepare()
	d := a.replay.next()
	a.write(servers, d)
	a.latest = d.serial
	return d
}

func (a *Agent) decided(d *decision, servers []Server) {
	a.lastServer, d.level = d.action, qlearn.InFlightLevel(servers[d.action].Active)
	a.used[d.level] = d.serial
}

// values works out Q of a state by a network; valid until the next call.
func (a *Agent) values(n *net.Network, state []float32) []float64 {
	in := a.pass.Input()
	for i, x := range state {
		in[i] = float64(x)
	}
	return n.Forward(a.pass)
}

func (a *Agent) greedy(d *decision) int { return d.best(a.values(a.online, d.state)) }

// random returns any available server.
func (a *Agent) random(d *decision) int {
	chosen, seen := -1, 0
	for i, ok := range d.available {
		if !ok {
			continue
		}
		if seen++; a.rng.IntN(seen) == 0 {
			chosen = i
		}
	}
	return chosen
}

// Update learns that the decision of that serial earned reward, once; it ignores one that is too long ago.
// Each time some transitions of the replay are studied, and after a batch of them the network takes a step. own
// tells whether the agent itself had decided.
func (a *Agent) Update(serial uint64, reward float64) (own, known bool) {
	d := a.replay.find(serial)
	if d == nil || d.known || math.IsNaN(reward) || math.IsInf(reward, 0) {
		return false, false
	}
	d.known, d.reward, d.after = true, reward/rewardUnit, a.latest
	a.replay.known++
	a.visits[d.action][d.level]++
	a.updates++
	a.reward.add(reward)
	if a.replay.known >= warmup {
		a.study()
	}
	return d.own, true
}

// study adds transitions to the gradient, and steps when there are enough.
func (a *Agent) study() {
	for range max(1, min(perOutcome, maxWork/a.online.Len())) {
		if d := a.replay.draw(a.rng); d != nil {
			a.lesson(d)
			a.studied++
		}
	}
	if a.studied < batch {
		return
	}
	a.adam.Step(a.online, a.gradient, a.LearningRate())
	a.gradient.Clear()
	a.studied = 0
	if a.steps++; a.steps%syncSteps == 0 {
		a.target.Copy(a.online)
	}
}

// lesson adds one transition to the gradient.
func (a *Agent) lesson(d *decision) {
	goal := d.reward
	if next := a.replay.find(d.after); next != nil {
		q := a.values(a.target, next.state)
		goal += a.DiscountFactor() * q[next.best(q)]
	}
	off := a.values(a.online, d.state)[d.action] - goal
	a.missed.add(math.Abs(off) * rewardUnit)
	a.loss[d.action] = min(max(off, -clipError), clipError) / batch
	a.online.Backward(a.pass, a.loss, a.gradient)
	a.loss[d.action] = 0
}
