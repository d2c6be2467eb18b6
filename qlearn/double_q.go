package qlearn

import "math/rand/v2"

// NewDoubleQ returns an agent that has learned nothing and learns by double Q-learning. Every cell
// holds two estimates A and B. One of them, drawn by lot, is updated, and the other one says what
// its best action is worth:
//
//	V(s') = B(s', argmax_a' A(s',a')) in an update of A, and the other way round for B
//
// The maximum over noisy estimates is more likely one that is too high, so Q-learning overestimates,
// the more so the more servers there are. Here the noise of the estimate that chooses is not that of
// the estimate that values. Decisions, and the table that is shown, go by the mean of the two.
//
// van Hasselt, "Double Q-learning", NIPS 2010. The agent draws all its randomness from rng.
func NewDoubleQ(servers int, cfg Config, rng *rand.Rand) *Agent {
	return newAgent(rule{
		kind:  "double_q",
		twins: true,
		worth: func(a *Agent, estimate int) float64 {
			twins := &a.rows[a.latest].twins
			return twins[1-estimate][best(twins[estimate], a.available)]
		},
	}, servers, cfg, rng)
}
