package policy

import "slbtui/qlearn"

// newExpectedSARSA differs from newQLearning in that it values a state by what it will itself do
// there, exploring included: van Seijen et al., "A theoretical and empirical analysis of Expected
// Sarsa", 2009. It takes its parameters from the configuration of q_learning.
func newExpectedSARSA(o Options) Policy {
	return newJoint("expected_sarsa", o, qlearn.NewExpectedSARSA)
}
