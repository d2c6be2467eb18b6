package factored

// Config holds the parameters of the factored learner.
type Config struct {
	MinLearningRate float64 `yaml:"min_learning_rate"` // alpha: the step never falls below it, above 0, at most 1
	SocialWeight    float64 `yaml:"social_weight"`     // gamma: weight of the delay imposed on the requests already there, 0 selfish, 1 social
	ExplorationRate float64 `yaml:"exploration_rate"`  // epsilon, 0-1
}

// DefaultConfig returns the one parameter set used in every scenario.
func DefaultConfig() Config {
	return Config{MinLearningRate: 0.01, SocialWeight: 0.8, ExplorationRate: 0.01}
}
