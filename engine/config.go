package engine

import (
	"fmt"
	"time"

	"slbtui/qlearn"
	"slbtui/routing"
)

// Config is the whole configuration, in the shape of config.yaml. The keys of the system this one
// descends from keep their names and places, so its files load unchanged.
//
// A Config made by LoadConfig also remembers where each value came from (see Origin and BuiltIn). That
// memory is shared by copies and never changes; Plain drops it, for comparing two Configs.
type Config struct {
	Servers       []ServerConfig          `yaml:"servers"`
	LoadBalancer  LoadBalancerConfig      `yaml:"load_balancer"`
	Metrics       MetricsConfig           `yaml:"metrics"`
	Health        routing.HealthConfig    `yaml:"health"`
	Outlier       routing.OutlierConfig   `yaml:"outlier"`
	Retry         routing.RetryConfig     `yaml:"retry"`
	Limits        routing.LimitsConfig    `yaml:"limits"`
	SlowStart     routing.SlowStartConfig `yaml:"slow_start"`
	Traffic       TrafficConfig           `yaml:"traffic"`
	QLearning     qlearn.Config           `yaml:"q_learning"`
	StateEncoding qlearn.EncoderConfig    `yaml:"state_encoding"`
	Reward        qlearn.RewardConfig     `yaml:"reward"`
	QFactored     qlearn.FactoredConfig   `yaml:"q_factored"`
	Export        ExportConfig            `yaml:"export"`
	Admin         AdminConfig             `yaml:"admin"`

	origins map[string]origin
}

// ServerConfig is one upstream: simulated (host, port, base delay) or the user's own (url).
// In a file, an absent host, workers, sigma or weight takes the value of the built-in servers.
type ServerConfig struct {
	ID          string  `yaml:"id"`
	URL         string  `yaml:"url,omitempty"`           // of a server that runs elsewhere; excludes the keys below but weight
	Host        string  `yaml:"host,omitempty"`          // loopback unless said otherwise
	Port        int     `yaml:"port,omitempty"`          // 0 takes a free one
	BaseDelayMS float64 `yaml:"base_delay_ms,omitempty"` // mean service time
	Workers     int     `yaml:"workers,omitempty"`       // requests served at once; the rest queue
	Sigma       float64 `yaml:"sigma,omitempty"`         // spread of the lognormal service time (sd of its logarithm)
	Weight      float64 `yaml:"weight,omitempty"`        // share under weighted policies
}

// LoadBalancerConfig is the proxy's.
type LoadBalancerConfig struct {
	Host           string        `yaml:"host"`
	Port           int           `yaml:"port"`
	Policy         string        `yaml:"policy"`          // who routes at the start
	Learner        string        `yaml:"learner"`         // who RL is
	Shadow         string        `yaml:"shadow"`          // who learns while another routes: auto, all, none or names
	HealthPath     string        `yaml:"health_path"`     // the balancer's own health; empty proxies it
	ConnectTimeout time.Duration `yaml:"connect_timeout"` // to an upstream
	RequestTimeout time.Duration `yaml:"request_timeout"` // from the pick to the response header
	TotalTimeout   time.Duration `yaml:"total_timeout"`   // the same over all attempts and the wait for a place; 0: none
	IdleTimeout    time.Duration `yaml:"idle_timeout"`    // silence within a response; 0: for ever
	DrainDelay     time.Duration `yaml:"drain_delay"`     // from the first unhealthy answer to the last new connection
	DrainTimeout   time.Duration `yaml:"drain_timeout"`   // for requests in flight when the balancer stops

	TrustedProxies []string           `yaml:"trusted_proxies"` // CIDRs whose forwarding headers are believed
	AccessLog      string             `yaml:"access_log"`      // a file, "stderr", or "" for none
	TLS            TLSConfig          `yaml:"tls"`
	UpstreamTLS    UpstreamTLSConfig  `yaml:"upstream_tls"`
	ClientLimits   ClientLimitsConfig `yaml:"client_limits"`
}

// MetricsConfig is the health poller's pace.
type MetricsConfig struct {
	PollingIntervalSeconds float64 `yaml:"polling_interval_seconds"`
}

// TrafficConfig is the built-in load generator's.
type TrafficConfig struct {
	TargetURL       string        `yaml:"target_url"`       // empty: our own proxy
	RequestRate     float64       `yaml:"request_rate"`     // requests per second
	DurationSeconds float64       `yaml:"duration_seconds"` // 0: until stopped
	Arrivals        string        `yaml:"arrivals"`         // poisson or constant
	MaxInFlight     int           `yaml:"max_in_flight"`    // requests due beyond it are dropped and counted
	Timeout         time.Duration `yaml:"timeout"`          // of one request
}

// ExportConfig says where run summaries go.
type ExportConfig struct {
	Dir string `yaml:"dir"`
}

// DefaultConfig returns the built-in configuration: what config.yaml says.
func DefaultConfig() Config {
	c := Config{
		LoadBalancer: LoadBalancerConfig{
			Host: "127.0.0.1", Port: 8080, Policy: "round_robin", Learner: "q_learning", Shadow: shadowAuto, HealthPath: "/health",
			ConnectTimeout: 2 * time.Second, RequestTimeout: 30 * time.Second, TotalTimeout: time.Minute,
			IdleTimeout: 5 * time.Minute, DrainTimeout: 3 * time.Second,
			TrustedProxies: []string{}, ClientLimits: defaultClientLimits(),
		},
		Metrics:       MetricsConfig{PollingIntervalSeconds: 1},
		Health:        routing.DefaultHealthConfig(),
		Outlier:       routing.DefaultOutlierConfig(),
		Retry:         routing.DefaultRetryConfig(),
		Limits:        routing.DefaultLimitsConfig(),
		SlowStart:     routing.DefaultSlowStartConfig(),
		Traffic:       TrafficConfig{RequestRate: 50, Arrivals: "poisson", MaxInFlight: 1000, Timeout: 10 * time.Second},
		QLearning:     qlearn.DefaultConfig(),
		StateEncoding: qlearn.DefaultEncoderConfig(),
		Reward:        qlearn.DefaultRewardConfig(),
		QFactored:     qlearn.DefaultFactoredConfig(),
		Export:        ExportConfig{Dir: "reports"},
	}
	for i, delay := range []float64{50, 75, 100} {
		s := simulatedServer()
		s.ID, s.Port, s.BaseDelayMS = fmt.Sprintf("server%d", i+1), 8001+i, delay
		c.Servers = append(c.Servers, s)
	}
	return c
}

// simulatedServer holds what a server gets for the keys that its file leaves out.
func simulatedServer() ServerConfig {
	return ServerConfig{Host: "127.0.0.1", Workers: 8, Sigma: 0.3, Weight: 1}
}
