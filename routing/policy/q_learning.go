package policy

import "slbtui/qlearn"

var qLearningSpec = Spec{
	Name:    "q_learning",
	Summary: "classic Q-learning: one table row per combination of the servers' load levels",
	Source:  "Watkins 1989",
	Learner: true,
	Params:  jointParams,
	New:     newQLearning,
}

// newQLearning is the classic: Watkins, "Learning from Delayed Rewards", 1989.
func newQLearning(o Options) Policy { return newJoint("q_learning", o, qlearn.NewQLearning) }
