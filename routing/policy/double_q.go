package policy

import "slbtui/qlearn"

var doubleQSpec = Spec{
	Name:    "double_q",
	Summary: "the table of q_learning twice, each valuing the other's choice, so that noise isn't taken for value",
	Source:  "van Hasselt, NIPS 2010",
	Learner: true,
	Params:  jointParams,
	New:     newDoubleQ,
}

// newDoubleQ differs from newQLearning in that it keeps two estimates of each cell, against the bias
// of the maximum: van Hasselt, "Double Q-learning", 2010. It takes its parameters from the
// configuration of q_learning.
func newDoubleQ(o Options) Policy { return newJoint("double_q", o, qlearn.NewDoubleQ) }
