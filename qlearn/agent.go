package qlearn

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The table is bounded, since n servers have 3^n states: at most maxRows rows and maxCells
// cells (16 bytes each, so 64 MB; twice that with twins).
const (
	maxRows  = 100_000
	maxCells = 4_000_000
)

// overflowState is the key of the one row that all states share which came after the table was full.
const overflowState = "*"

// Agent is tabular temporal-difference control with an epsilon-greedy policy, over one joint table:
//
//	Q(s,a) += alpha * (r + gamma * V(s') - Q(s,a))
//
// s is the load level of every server, a the server chosen, r the reward of the outcome. What V(s'),
// the worth of the next state, is makes the learner: see NewQLearning, NewExpectedSARSA, NewDoubleQ.
//
// Requests overlap, so the caller carries (row, action) from the decision to its Update. s' is
// the state of the latest decision: by the time an answer arrives, that is the situation the
// decision has led to, and it is at most one interarrival time old. A server that was not
// available then can't be chosen in s' and doesn't enter the maximum.
//
// The first row starts at 0, which is optimistic because no reward is above 0: every server gets
// tried. A later row starts at the value of the state before it. Starting it at 0 as well would make
// each unknown state look far better than any known one: with gamma at 0.9 that noise is ten times
// the differences between servers that are to be learned (measured on the default servers, 100 seeds:
// 20 % below round robin with zeros, 23 % this way, and a server slowed x5 is always left).
//
// Rows are created when first visited and never move, so a row number stays valid
// until Reset or Restore. Once the table is full, states without a row share one more: what is
// learned there is which server is best whatever the state. Nothing is evicted, so memory is
// bounded and the states met early, which are the common ones, keep their rows.
type Agent struct {
	Tuning
	rule    rule
	rng     *rand.Rand
	servers int
	limit   int // rows, not counting the shared one

	index  map[string]int // state to row
	rows   []row
	visits []uint64 // per row, apart from it so that ranking the rows reads little memory
	used   []uint64 // per row: the latest decision in it, counted from 1; 0 before one

	latest     int    // row of the latest decision
	decisions  uint64 // taken or watched
	lastServer int    // its action
	exploring  bool   // which was drawn at random
	available  []bool // what could be chosen in it

	updates  uint64
	explored recent
	deltaQ   recent
	reward   recent
}

// rule is the one thing in which the learners of the joint table differ.
type rule struct {
	kind  string // of its saved tables
	twins bool   // a cell holds two estimates
	// worth is V(s') of the latest state, for an update of the given estimate: 0, or with twins 0 or 1.
	worth func(a *Agent, estimate int) float64
}

type row struct {
	state  string       // a letter per server, see Level
	q      []float64    // what is decided by
	twins  [2][]float64 // the two estimates that q is the mean of; nil without
	visits []uint64     // updates
}

func newAgent(rule rule, servers int, cfg Config, rng *rand.Rand) *Agent {
	a := &Agent{Tuning: NewTuning(cfg), rule: rule, rng: rng}
	a.Resize(servers)
	return a
}

// rowLimit returns how many rows a table of so many servers may have.
func rowLimit(servers int) int {
	limit := min(maxRows, maxCells/max(1, servers))
	if states := math.Pow(3, float64(servers)); states < float64(limit) {
		return int(states)
	}
	return limit
}

// Servers returns how many servers the table has a column for.
func (a *Agent) Servers() int { return a.servers }

// Resize makes it a table of so many servers. What was learned of others is forgotten as by Reset.
func (a *Agent) Resize(servers int) {
	a.servers, a.limit = servers, rowLimit(servers)
	a.Reset()
}

// Reset forgets all that was learned, also how far epsilon has decayed. The parameters stay,
// among them an epsilon that was set by hand.
func (a *Agent) Reset() {
	a.index = make(map[string]int)
	a.rows, a.visits, a.used = nil, nil, nil
	a.latest, a.lastServer, a.exploring = -1, -1, false
	a.available = make([]bool, a.servers)
	a.updates, a.decisions = 0, 0
	a.explored, a.deltaQ, a.reward = recent{}, recent{}, recent{}
	a.Resume(0, 0)
}

// Choose returns an action for state, which holds a Level letter per server, and the row that
// Update wants: with probability epsilon any of the available servers, else one with the highest
// Q among them. Both are -1 when no server is available.
func (a *Agent) Choose(state []byte, available []bool) (row, action int) {
	if !a.see(state, available) {
		return -1, -1
	}
	a.exploring = a.rng.Float64() < a.epsilon
	if a.exploring {
		a.explored.add(1)
		a.lastServer = a.random()
	} else {
		a.explored.add(0)
		a.lastServer = a.greedy()
	}
	return a.latest, a.lastServer
}

// Watch takes note of a decision that another policy took in state: to send a request to action.
// It returns the row that Update wants and the server the agent itself would have chosen without
// exploring. Q-learning is off-policy, so it learns from such a decision as from its own.
// Both are -1 when no server is available.
func (a *Agent) Watch(state []byte, available []bool, action int) (row, would int) {
	if !a.see(state, available) {
		return -1, -1
	}
	a.lastServer, a.exploring = action, false
	return a.latest, a.greedy()
}

// see makes state the latest one. It reports false, and changes nothing, without an available server.
func (a *Agent) see(state []byte, available []bool) bool {
	if len(state) != a.servers || len(available) != a.servers {
		return false
	}
	for _, ok := range available {
		if ok {
			copy(a.available, available)
			a.latest = a.visit(state)
			a.decisions++
			a.used[a.latest] = a.decisions
			return true
		}
	}
	return false
}

// visit returns the row of state. A state met before costs no allocation.
func (a *Agent) visit(state []byte) int {
	if i, ok := a.index[string(state)]; ok {
		return i
	}
	key := string(state)
	if len(a.rows) >= a.limit {
		key = overflowState
		if i, ok := a.index[key]; ok {
			return i
		}
	}
	fresh := row{state: key, q: slices.Repeat([]float64{a.value()}, a.servers), visits: make([]uint64, a.servers)}
	if a.rule.twins {
		fresh.twins = [2][]float64{slices.Clone(fresh.q), slices.Clone(fresh.q)}
	}
	a.index[key] = len(a.rows)
	a.rows = append(a.rows, fresh)
	a.visits, a.used = append(a.visits, 0), append(a.used, 0)
	return a.index[key]
}

// greedy returns the available server with the highest Q in the latest state, ties at random.
func (a *Agent) greedy() int {
	best, ties := -1, 0
	q := a.rows[a.latest].q
	for i, ok := range a.available {
		switch {
		case !ok:
		case best < 0 || q[i] > q[best]:
			best, ties = i, 1
		case q[i] == q[best]:
			if ties++; a.rng.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}

// random returns any available server.
func (a *Agent) random() int {
	chosen, seen := -1, 0
	for i, ok := range a.available {
		if !ok {
			continue
		}
		if seen++; a.rng.IntN(seen) == 0 {
			chosen = i
		}
	}
	return chosen
}

// Update learns that action, taken in row, earned reward. It ignores a row or an action that
// does not exist and whatever would make a cell infinite or NaN.
func (a *Agent) Update(row, action int, reward float64) {
	if row < 0 || row >= len(a.rows) || action < 0 || action >= a.servers {
		return
	}
	r := &a.rows[row]
	estimate, cells := 0, r.q
	if a.rule.twins {
		estimate = a.rng.IntN(2)
		cells = r.twins[estimate]
	}
	worth := 0.0
	if a.latest >= 0 {
		worth = a.rule.worth(a, estimate)
	}
	next := cells[action] + a.cfg.LearningRate*(reward+a.cfg.DiscountFactor*worth-cells[action])
	if math.IsNaN(next) || math.IsInf(next, 0) {
		return
	}
	old := r.q[action]
	cells[action] = next
	if a.rule.twins {
		r.q[action] = mean(r.twins[0][action], r.twins[1][action])
	}
	r.visits[action]++
	a.visits[row]++
	a.updates++
	a.deltaQ.add(math.Abs(r.q[action] - old))
	a.reward.add(reward)
}

// value returns max_a Q(s', a) over what was available in s', the latest state; 0, as of the first
// state of all, when there has been none since the start or since the table was restored.
func (a *Agent) value() float64 {
	if a.latest < 0 {
		return 0
	}
	q := a.rows[a.latest].q
	return q[best(q, a.available)]
}

// best returns the first available action with the highest value. One at least must be available.
func best(q []float64, available []bool) int {
	best := -1
	for i, ok := range available {
		if ok && (best < 0 || q[i] > q[best]) {
			best = i
		}
	}
	return best
}

// mean halves first, since the sum of two finite numbers may be none.
func mean(x, y float64) float64 { return x/2 + y/2 }
