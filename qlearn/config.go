package qlearn

// Config holds the hyperparameters of the classic tabular agent: those of q_learning, and of
// expected_sarsa and double_q, which learn the same kind of table.
// Watkins, "Learning from Delayed Rewards", 1989.
type Config struct {
	LearningRate       float64 `yaml:"learning_rate"`        // alpha, above 0, at most 1
	DiscountFactor     float64 `yaml:"discount_factor"`      // gamma, 0 to below 1
	ExplorationRate    float64 `yaml:"exploration_rate"`     // epsilon at the start, 0-1
	ExplorationDecay   float64 `yaml:"exploration_decay"`    // epsilon is multiplied by it after each episode, above 0, at most 1
	MinExplorationRate float64 `yaml:"min_exploration_rate"` // where the decay ends, 0-1
	EpisodeRequests    int     `yaml:"episode_requests"`     // requests of one episode, 1 or more
}

// Thresholds split a reading into low (below Low), medium (below Medium) and high.
type Thresholds struct {
	Low    float64 `yaml:"low"`
	Medium float64 `yaml:"medium"` // not below Low
}

// EncoderConfig says when a server counts as loaded.
type EncoderConfig struct {
	CPU            Thresholds `yaml:"cpu_thresholds"`              // percent
	ActiveRequests Thresholds `yaml:"active_requests_thresholds"`  // requests in flight
	ResponseTimeMS Thresholds `yaml:"response_time_thresholds_ms"` // ms
}

// RewardConfig turns an outcome into a reward: -(clamp(ms, Min, Max)-Min)/(Max-Min)*Scale, or FailurePenalty.
// The defaults make it -ms/10.
type RewardConfig struct {
	FailurePenalty float64 `yaml:"failure_penalty"` // below 0
	MinLatencyMS   float64 `yaml:"min_latency_ms"`
	MaxLatencyMS   float64 `yaml:"max_latency_ms"` // above MinLatencyMS; slower answers earn no less
	Scale          float64 `yaml:"scale"`          // above 0
}

// DefaultConfig returns the seed system's hyperparameters.
func DefaultConfig() Config {
	return Config{LearningRate: 0.1, DiscountFactor: 0.9, ExplorationRate: 0.1, ExplorationDecay: 0.995, MinExplorationRate: 0.01, EpisodeRequests: 10}
}

// DefaultEncoderConfig returns the seed system's thresholds.
func DefaultEncoderConfig() EncoderConfig {
	return EncoderConfig{CPU: Thresholds{50, 80}, ActiveRequests: Thresholds{5, 10}, ResponseTimeMS: Thresholds{100, 200}}
}

// DefaultRewardConfig returns the seed system's reward: -ms/10, and -1000 for a failure.
func DefaultRewardConfig() RewardConfig {
	return RewardConfig{FailurePenalty: -1000, MinLatencyMS: 0, MaxLatencyMS: 1000, Scale: 100}
}
