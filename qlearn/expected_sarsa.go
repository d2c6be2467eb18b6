package qlearn

import "math/rand/v2"

// NewExpectedSARSA returns an agent that has learned nothing and learns by expected SARSA:
//
//	V(s') = sum_a' pi(a'|s') Q(s',a') = (1-epsilon) * max_a' Q(s',a') + epsilon * mean_a' Q(s',a')
//
// pi is the agent's own epsilon-greedy policy of now. A state is worth what the agent will make of
// it, its exploring included, so it keeps away from states where a random choice is dear; Q-learning
// values a state as if it never explored. Averaging over pi instead of drawing the next action, as
// SARSA does, takes that draw's variance out of the update, and lets it learn from decisions of
// others too. With epsilon 0 it is Q-learning.
//
// van Seijen, van Hasselt, Whiteson and Wiering, "A theoretical and empirical analysis of Expected
// Sarsa", ADPRL 2009. The agent draws all its randomness from rng.
func NewExpectedSARSA(servers int, cfg Config, rng *rand.Rand) *Agent {
	return newAgent(rule{
		kind: "expected_sarsa",
		worth: func(a *Agent, _ int) float64 {
			return (1-a.epsilon)*a.value() + a.epsilon*a.average()
		},
	}, servers, cfg, rng)
}

// average returns the mean of Q(s', a) over what was available in s', the latest state.
func (a *Agent) average() float64 {
	sum, n := 0.0, 0.0
	for i, ok := range a.available {
		if ok {
			sum += a.rows[a.latest].q[i]
			n++
		}
	}
	return sum / n
}
