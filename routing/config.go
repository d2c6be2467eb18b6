package routing

import "time"

// HealthConfig says how upstreams are polled.
type HealthConfig struct {
	Path    string        `yaml:"path"`    // GET this; empty switches polling off and every server counts as healthy
	Timeout time.Duration `yaml:"timeout"` // of one poll
	Rise    int           `yaml:"rise"`    // successes in a row that bring a server back, 1 or more
	Fall    int           `yaml:"fall"`    // failures in a row that take it out, 1 or more; a refused connection of a request counts as one
}

// DefaultHealthConfig polls /health.
func DefaultHealthConfig() HealthConfig {
	return HealthConfig{Path: "/health", Timeout: time.Second, Rise: 2, Fall: 2}
}
