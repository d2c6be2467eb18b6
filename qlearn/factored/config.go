package factored

// Config holds the parameters of the factored learner.
type Config struct {
	MinLearningRate float64   `yaml:"min_learning_rate"` // alpha: the step never falls below it, above 0, at most 1
	SocialWeight    float64   `yaml:"social_weight"`     // gamma: weight of the delay imposed on the requests already there, 0 selfish, 1 social
	ExplorationRate float64   `yaml:"exploration_rate"`  // epsilon, 0-1
	Objective       Objective `yaml:"objective"`         // what SocialWeight is for; "" is Tail
	Streams         Streams   `yaml:"streams"`           // what an answer that goes on does to its server; "" is Free
	// Balancers is how many share the servers, this one included: 1-1000. It is a fact about the world and
	// not a parameter of the learner, so it has its key elsewhere (load_balancer.balancers).
	Balancers int `yaml:"-"`
}

// MaxBalancers is the largest Config.Balancers.
const MaxBalancers = 1000

// Streams is what requests whose answer has begun and goes on count as.
type Streams string

// The kinds of Streams.
const (
	Free Streams = "free" // they keep no worker from others, as event streams and downloads: not in flight
	Busy Streams = "busy" // they keep one busy until their end: in flight like the others
)

// DefaultConfig returns the one parameter set used in every scenario.
func DefaultConfig() Config {
	return Config{MinLearningRate: 0.01, SocialWeight: 0.8, ExplorationRate: 0.002, Objective: Tail, Streams: Free, Balancers: 1}
}
