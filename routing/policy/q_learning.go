package policy

import "slbtui/qlearn"

// newQLearning is the classic: Watkins, "Learning from Delayed Rewards", 1989.
func newQLearning(o Options) Policy { return newJoint("q_learning", o, qlearn.NewQLearning) }
