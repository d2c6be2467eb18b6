// Package config reads the configuration, merges its layers, checks every value and can say where each one
// came from. It never acts on one: no socket, no goroutine, no policy is made here.
package config

import (
	"fmt"
	"time"

	"slbtui/qlearn"
	"slbtui/qlearn/deep"
	"slbtui/qlearn/factored"
	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
	"slbtui/routing"
	"slbtui/routing/policy"
)

// Config is the whole configuration, in the shape of config.yaml. The keys of the system this one
// descends from keep their names and places, so its files load unchanged.
//
// A Config made by Load also remembers where each value came from (see Origin and BuiltIn). That
// memory is shared by copies and never changes; Plain drops it, for comparing two Configs.
type Config struct {
	Servers       []Server                `yaml:"servers,omitempty"` // none where they are found
	Discovery     Discovery               `yaml:"discovery"`
	LoadBalancer  LoadBalancer            `yaml:"load_balancer"`
	Metrics       Metrics                 `yaml:"metrics"`
	Health        routing.HealthConfig    `yaml:"health"`
	Outlier       routing.OutlierConfig   `yaml:"outlier"`
	Retry         routing.RetryConfig     `yaml:"retry"`
	Limits        routing.LimitsConfig    `yaml:"limits"`
	SlowStart     routing.SlowStartConfig `yaml:"slow_start"`
	Traffic       Traffic                 `yaml:"traffic"`
	QLearning     qlearn.Config           `yaml:"q_learning"`
	StateEncoding qlearn.EncoderConfig    `yaml:"state_encoding"`
	Reward        qlearn.RewardConfig     `yaml:"reward"`
	QFactored     factored.Config         `yaml:"q_factored"`
	QNetwork      shared.Config           `yaml:"q_network"`
	DQN           qlearn.Config           `yaml:"dqn"`
	Policies      map[string]OwnPolicy    `yaml:"policies,omitempty"` // of one's own, by name
	Export        Export                  `yaml:"export"`
	Admin         Admin                   `yaml:"admin"`
	Cluster       Cluster                 `yaml:"cluster"`

	origins map[string]origin
	network *net.Network // of q_network.weights, read by Load; nil is the one shipped
}

// Server is one upstream: simulated (host, port, base delay) or the user's own (url).
// In a file, an absent host, workers, sigma or weight takes the value of the built-in servers.
type Server struct {
	ID          string  `yaml:"id"`
	URL         string  `yaml:"url,omitempty"`           // of a server that runs elsewhere, or unix:/path; excludes the keys below but weight, zone and health
	Host        string  `yaml:"host,omitempty"`          // loopback unless said otherwise
	Port        int     `yaml:"port,omitempty"`          // 0 takes a free one
	BaseDelayMS float64 `yaml:"base_delay_ms,omitempty"` // mean service time
	Workers     int     `yaml:"workers,omitempty"`       // requests served at once; the rest queue
	Sigma       float64 `yaml:"sigma,omitempty"`         // spread of the lognormal service time (sd of its logarithm)
	Weight      float64 `yaml:"weight,omitempty"`        // share under weighted policies
	Zone        string  `yaml:"zone,omitempty"`          // where it is; "" when nobody says

	Health *routing.HealthConfig `yaml:"health,omitempty"` // how it is polled; nil: as all are

	Leaving bool `yaml:"-"` // it was found, and is to take no new requests
}

// LoadBalancer is the proxy's.
type LoadBalancer struct {
	Host           string        `yaml:"host"` // or unix:/path of a socket; then there is no port
	Port           int           `yaml:"port"`
	Policy         string        `yaml:"policy"`          // who routes at the start
	Learner        string        `yaml:"learner"`         // who RL is
	Shadow         string        `yaml:"shadow"`          // who learns while another routes: auto, all, none or names
	Front          Front         `yaml:"front"`           // who reads the clients' requests
	Balancers      int           `yaml:"balancers"`       // that share the servers, this one included
	Zone           string        `yaml:"zone"`            // where this one is; "" when nobody says
	HealthPath     string        `yaml:"health_path"`     // the balancer's own health; empty proxies it
	ConnectTimeout time.Duration `yaml:"connect_timeout"` // to an upstream
	ConnectionAge  time.Duration `yaml:"connection_age"`  // of a kept connection to an upstream, the greatest; 0: none
	RequestTimeout time.Duration `yaml:"request_timeout"` // from the pick to the response header
	TotalTimeout   time.Duration `yaml:"total_timeout"`   // the same over all attempts and the wait for a place; 0: none
	IdleTimeout    time.Duration `yaml:"idle_timeout"`    // silence within a response; 0: for ever
	DrainDelay     time.Duration `yaml:"drain_delay"`     // from the first unhealthy answer to the last new connection
	DrainTimeout   time.Duration `yaml:"drain_timeout"`   // for requests in flight when the balancer stops

	TrustedProxies []string     `yaml:"trusted_proxies"` // CIDRs whose forwarding headers are believed
	AccessLog      string       `yaml:"access_log"`      // a file, "stderr", or "" for none
	TLS            TLS          `yaml:"tls"`
	UpstreamTLS    UpstreamTLS  `yaml:"upstream_tls"`
	ClientLimits   ClientLimits `yaml:"client_limits"`
}

// Metrics is the health poller's pace.
type Metrics struct {
	PollingIntervalSeconds float64 `yaml:"polling_interval_seconds"`
}

// Traffic is the built-in load generator's.
type Traffic struct {
	TargetURL       string        `yaml:"target_url"`       // empty: our own proxy
	RequestRate     float64       `yaml:"request_rate"`     // requests per second
	DurationSeconds float64       `yaml:"duration_seconds"` // 0: until stopped
	Arrivals        string        `yaml:"arrivals"`         // poisson or constant
	MaxInFlight     int           `yaml:"max_in_flight"`    // requests due beyond it are dropped and counted
	Timeout         time.Duration `yaml:"timeout"`          // of one request
}

// Export says where run summaries go.
type Export struct {
	Dir string `yaml:"dir"`
}

// Default returns the built-in configuration: what config.yaml says.
func Default() Config {
	c := Config{
		LoadBalancer: LoadBalancer{
			Host: "127.0.0.1", Port: 8080, Policy: policy.Baseline, Learner: "q_learning", Shadow: shadowAuto, Front: FrontAuto, Balancers: 1, HealthPath: "/health",
			ConnectTimeout: 2 * time.Second, ConnectionAge: time.Minute, RequestTimeout: 30 * time.Second, TotalTimeout: time.Minute,
			IdleTimeout: 5 * time.Minute, DrainTimeout: 3 * time.Second,
			TrustedProxies: []string{}, ClientLimits: defaultClientLimits(),
		},
		Discovery:     Discovery{DNS: DNS{Type: typeA}},
		Cluster:       Cluster{Fleet: "slbtui", Peers: []string{}},
		Metrics:       Metrics{PollingIntervalSeconds: 1},
		Health:        routing.DefaultHealthConfig(),
		Outlier:       routing.DefaultOutlierConfig(),
		Retry:         routing.DefaultRetryConfig(),
		Limits:        routing.DefaultLimitsConfig(),
		SlowStart:     routing.DefaultSlowStartConfig(),
		Traffic:       Traffic{RequestRate: 50, Arrivals: "poisson", MaxInFlight: 1000, Timeout: 10 * time.Second},
		QLearning:     qlearn.DefaultConfig(),
		StateEncoding: qlearn.DefaultEncoderConfig(),
		Reward:        qlearn.DefaultRewardConfig(),
		QFactored:     factored.DefaultConfig(),
		QNetwork:      shared.DefaultConfig(),
		DQN:           deep.DefaultConfig(),
		Export:        Export{Dir: "reports"},
	}
	for i, delay := range []float64{50, 75, 100} {
		s := SimulatedServer()
		s.ID, s.Port, s.BaseDelayMS = fmt.Sprintf("server%d", i+1), 8001+i, delay
		c.Servers = append(c.Servers, s)
	}
	return c
}

// SimulatedServer holds what a server gets for the keys that its file leaves out.
func SimulatedServer() Server {
	return Server{Host: "127.0.0.1", Workers: 8, Sigma: 0.3, Weight: 1}
}
