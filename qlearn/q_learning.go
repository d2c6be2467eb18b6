package qlearn

import "math/rand/v2"

// NewQLearning returns an agent that has learned nothing and learns by Q-learning:
//
//	V(s') = max_a' Q(s',a')
//
// It is off-policy: the table tends to the values of always choosing the best, whoever chooses.
// Watkins, "Learning from Delayed Rewards", 1989; Sutton and Barto, "Reinforcement Learning",
// 2nd edition, section 6.5. The agent draws all its randomness from rng.
func NewQLearning(servers int, cfg Config, rng *rand.Rand) *Agent {
	return newAgent(rule{
		kind:  "joint",
		worth: func(a *Agent, _ int) float64 { return a.value() },
	}, servers, cfg, rng)
}
