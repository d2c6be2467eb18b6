package qlearn

// State returns the latest state in words, such as "(low, high, low)"; "" before the first.
func (a *Agent) State() string {
	if a.latest < 0 {
		return ""
	}
	return label(a.rows[a.latest].state)
}

// Explored tells whether the latest decision was the agent's own and drawn at random.
func (a *Agent) Explored() bool { return a.exploring }

// Explain takes the choice in the latest state apart, in the terms of the factored learner: a
// server's cell, and with it the score of which the lowest is chosen, is -Q in ms (a Q of -1 is
// 10 ms), what is to follow the request included. The joint table knows no other terms. It is nil
// before the first state.
func (a *Agent) Explain() []Explanation {
	if a.latest < 0 {
		return nil
	}
	out := make([]Explanation, a.servers)
	r := &a.rows[a.latest]
	for i := range out {
		cost := 0 - MSPerReward*r.q[i] // and not -MSPerReward*q, which is -0 for 0
		out[i] = Explanation{
			Server: i, Level: a.level(r, i), CellMS: cost, Speed: 1, ScoreMS: cost,
			Known: r.visits[i] > 0, Available: a.available[i],
		}
	}
	return out
}

// level is 0, 1 or 2 for a low, medium or high load; -1 in the row that many states share.
func (a *Agent) level(r *row, server int) int {
	if r.state == overflowState {
		return -1
	}
	switch Level(r.state[server]) {
	case Low:
		return 0
	case Medium:
		return 1
	default:
		return 2
	}
}
