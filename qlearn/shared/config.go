package shared

// Config holds the parameters of the learner.
type Config struct {
	ExplorationRate float64 `yaml:"exploration_rate"` // epsilon, 0-1
	Weights         string  `yaml:"weights"`          // a file that slbtui train wrote; "" is the network shipped
}

// DefaultConfig returns what the held-out results were reached with.
func DefaultConfig() Config { return Config{ExplorationRate: 0.005} }
