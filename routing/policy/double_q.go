package policy

import "slbtui/qlearn"

// newDoubleQ differs from newQLearning in that it keeps two estimates of each cell, against the bias
// of the maximum: van Hasselt, "Double Q-learning", 2010. It takes its parameters from the
// configuration of q_learning.
func newDoubleQ(o Options) Policy { return newJoint("double_q", o, qlearn.NewDoubleQ) }
