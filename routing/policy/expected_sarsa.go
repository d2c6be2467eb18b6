package policy

import "slbtui/qlearn"

var expectedSARSASpec = Spec{
	Name:    "expected_sarsa",
	Summary: "the table of q_learning, a state valued by what the learner itself will do there, exploring included",
	Source:  "van Seijen, van Hasselt, Whiteson and Wiering 2009",
	Learner: true,
	Params:  jointParams,
	New:     newExpectedSARSA,
}

// newExpectedSARSA differs from newQLearning in that it values a state by what it will itself do
// there, exploring included: van Seijen et al., "A theoretical and empirical analysis of Expected
// Sarsa", 2009. It takes its parameters from the configuration of q_learning.
func newExpectedSARSA(o Options) Policy {
	return newJoint("expected_sarsa", o, qlearn.NewExpectedSARSA)
}
