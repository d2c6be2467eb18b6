package experiment

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// Limits of a plan.
const (
	MaxRepetitions = 1000
	MaxRequests    = 10_000_000 // of all runs together: 32 bytes each are kept
)

// Outside is the name under which the balancer of Plan.URL takes part.
const Outside = "outside"

// Plan says what to compare. Every policy meets every repetition's trace.
type Plan struct {
	// Scenario holds the servers, the load and the faults. One balancer, health as it is polled, and who
	// serves goes: Balancers above 1, ShareEvery, HealthAge, ZoneRTT and faults that are Out or Cut exist in virtual time only.
	Scenario    simulate.Scenario
	Policies    []string
	Repetitions int    // 1-MaxRepetitions
	Requests    int    // of one run; 0: those due within the scenario's duration
	Seed        uint64 // of the first repetition; the next have the next
	// Traces, if any, are sent instead of what the scenario and the seeds draw, one a repetition.
	Traces [][]simulate.Request
	// URL of a balancer that runs elsewhere and takes part as well; "" for none. Its servers are not
	// ours: no faults are injected into them, and X-Served-By tells who answered, if anything does.
	URL string
	// TLS says how its certificate is verified; nil asks the system.
	TLS *tls.Config
	// Config holds the policies' parameters, the health polling, timeouts and limits. Its servers
	// and addresses are not used.
	Config config.Config
	// Version of the program and Command that runs the plan again, for the reports.
	Version, Command string
}

// FromConfig is a scenario of the configuration's servers under even-handed traffic: Poisson
// arrivals at a rate, in requests per second, for a time. It fails for servers that run elsewhere.
func FromConfig(cfg config.Config, rate float64, length time.Duration) (simulate.Scenario, error) {
	sc := simulate.Scenario{Name: "configuration", Rate: rate, Duration: length}
	if cfg.Discovery.On() {
		return sc, errors.New("discovery: an experiment makes fresh servers for each run, and finds none; to measure your own, put a balancer in front and give --url")
	}
	for i, s := range cfg.Servers {
		if s.URL != "" {
			return sc, fmt.Errorf("servers[%d] %s runs elsewhere (%s): an experiment makes fresh servers for each run; to measure your own, put a balancer in front and give --url", i, s.ID, s.URL)
		}
		sc.Servers = append(sc.Servers, simulate.Server{
			ID: s.ID, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Weight: s.Weight, Zone: s.Zone,
		})
	}
	if zone := cfg.LoadBalancer.Zone; zone != "" {
		sc.Zones = []string{zone}
	}
	return sc, nil
}

// Validate says what is wrong with the plan; nil when Run can run it.
func (p Plan) Validate() error {
	if err := p.Scenario.Validate(); err != nil {
		return fmt.Errorf("scenario %s: %w", p.Scenario.Name, err)
	}
	if key := unplayable(p.Scenario); key != "" {
		return fmt.Errorf("scenario %s: %s exists in virtual time only; use slbtui simulate", p.Scenario.Name, key)
	}
	if len(p.Policies) == 0 && p.URL == "" {
		return errors.New("no policy to run")
	}
	known := p.Config.PolicyOptions()
	for i, name := range p.Policies {
		if err := known.Check(name); err != nil {
			return err
		}
		if slices.Contains(p.Policies[:i], name) {
			return fmt.Errorf("policy %s is there twice", name)
		}
	}
	if p.Repetitions < 1 || p.Repetitions > MaxRepetitions {
		return fmt.Errorf("repetitions: %d is not within 1-%d", p.Repetitions, MaxRepetitions)
	}
	if p.Traces != nil && len(p.Traces) != p.Repetitions {
		return fmt.Errorf("repetitions: %d, but there are %d traces", p.Repetitions, len(p.Traces))
	}
	if p.Requests < 0 {
		return fmt.Errorf("requests: %d is negative", p.Requests)
	}
	switch u, err := url.Parse(p.URL); {
	case err != nil:
		return errors.New("url: is not an address that can be read; want http:// or https:// and a host") // it may hold a password
	case p.URL != "" && ((u.Scheme != "http" && u.Scheme != "https") || u.Host == ""):
		return fmt.Errorf("url: %q is not an http:// or https:// address with a host", config.HidePassword(p.URL))
	}
	if n := p.expected() * float64(p.Repetitions*len(p.Contestants())); n > MaxRequests {
		return fmt.Errorf("requests: about %.3g in all runs together are more than %d; take fewer repetitions, or a lower rate", n, MaxRequests)
	}
	return p.config().Validate()
}

// expected is the number of requests of one run, about.
func (p Plan) expected() float64 {
	switch {
	case len(p.Traces) > 0:
		return float64(len(p.Traces[0]))
	case p.Requests > 0:
		return float64(p.Requests)
	}
	return p.Scenario.MeanRate() * p.Scenario.Duration.Seconds()
}

// Contestants lists who takes part, in the order of the report.
func (p Plan) Contestants() []string {
	if p.URL == "" {
		return p.Policies
	}
	return append(slices.Clone(p.Policies), Outside)
}

// order is that of a repetition, from 0: each contestant is first, second, ... equally often.
func (p Plan) order(repetition int) []string {
	all := p.Contestants()
	shift := repetition % len(all)
	return append(slices.Clone(all[shift:]), all[:shift]...)
}

// baseline is who the others are compared with.
func (p Plan) baseline() string {
	if slices.Contains(p.Policies, policy.Baseline) {
		return policy.Baseline
	}
	return p.Contestants()[0]
}

// seed of a repetition, from 0.
func (p Plan) seed(repetition int) uint64 { return p.Seed + uint64(repetition) }

// trace deals the requests of a repetition, from 0.
func (p Plan) trace(repetition int) ([]simulate.Request, error) {
	if p.Traces != nil {
		return p.Traces[repetition], nil
	}
	sc := p.Scenario
	if p.Requests == 0 {
		return simulate.Trace(sc, p.seed(repetition))
	}
	// As many as asked for: the beginning of a trace does not depend on how long it goes on.
	for range 10 {
		trace, err := simulate.Trace(sc, p.seed(repetition))
		if err != nil || len(trace) >= p.Requests {
			return trace[:min(len(trace), p.Requests)], err
		}
		sc.Duration *= 2
	}
	return nil, fmt.Errorf("scenario %s: its arrivals end before %d requests", sc.Name, p.Requests)
}

// config is the engine's: the plan's parameters, the scenario's servers, free ports on loopback.
func (p Plan) config() config.Config {
	cfg := p.Config
	cfg.Servers, cfg.Discovery = nil, config.Default().Discovery
	for _, s := range p.Scenario.Servers {
		sc := config.Server{ID: s.ID, Host: "127.0.0.1", BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Weight: s.Weight, Zone: s.Zone}
		if s.Workers == 0 {
			sc.Workers = unlimited
		}
		if s.Weight == 0 {
			sc.Weight = 1
		}
		cfg.Servers = append(cfg.Servers, sc)
	}
	cfg.LoadBalancer.Host, cfg.LoadBalancer.Port = "127.0.0.1", 0
	cfg.LoadBalancer.Zone = p.Scenario.BalancerZones()[0]
	cfg.Traffic.TargetURL, cfg.Traffic.DurationSeconds = "", 0
	if p.Scenario.ClientTimeout > 0 {
		cfg.Traffic.Timeout = p.Scenario.ClientTimeout
	}
	return cfg
}

// unlimited is the largest number of workers that a configuration holds: more than requests in flight.
const unlimited = 10_000
