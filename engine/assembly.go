package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"

	"slbtui/backends"
	"slbtui/engine/config"
	"slbtui/engine/metrics"
	"slbtui/engine/regret"
	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

// assembly is what all balancers of a run are made with.
type assembly struct {
	seed      uint64
	name      string // in the Via header, the same over reconfigurations
	run       config.Run
	alone     bool // no learner watches in shadow
	journal   *journal
	recorder  *metrics.Recorder
	frontend  *frontend
	simulated *simulated
	observe   func(proxy.Exchange)
}

// assemble builds the balancer of a configuration. After prev it keeps the records of the servers
// that stay. On an error nothing has changed.
func (a *assembly) assemble(cfg config.Config, policies *policy.Set, prev *balancer) (*balancer, error) {
	b := &balancer{journal: a.journal, recorder: a.recorder, cfg: cfg, policies: policies, ours: a.simulated.among(cfg.Servers)}
	ups, err := upstreams(cfg, b.ours, a.frontend.listener)
	if err != nil {
		return nil, err
	}
	read := os.ReadFile
	if prev != nil {
		read = config.ReadAgain
	}
	verify, err := upstreamTLS(cfg, read)
	if err != nil {
		return nil, err
	}
	first, err := policies.Get(cfg.LoadBalancer.Policy)
	if err != nil {
		return nil, err
	}
	makePool := routing.NewPool
	if prev != nil {
		makePool = prev.pool.Next
	}
	b.pool, err = makePool(ups, cfg.Health, routing.WithOutlier(cfg.Outlier),
		routing.WithSlowStart(cfg.SlowStart, derive(a.seed, "slow start")), routing.WithLimits(cfg.Limits))
	if err != nil {
		return nil, err
	}
	var watching []policy.Watcher
	if !a.alone {
		watching = policies.Watching(cfg.Shadows(a.run))
		if b.regret = regret.New(cfg.Servers, b.ours); b.regret != nil {
			watching = append(watching, b.regret)
		}
	}
	b.router = routing.NewRouter(b.pool, first, watching...)
	interval := time.Duration(cfg.Metrics.PollingIntervalSeconds * float64(time.Second))
	b.health = routing.NewHealth(b.pool, interval, routing.HealthOptions{
		OnChange: a.journal.healthChanged, Seed: derive(a.seed, "health"), UpstreamTLS: verify,
	})
	lb := cfg.LoadBalancer
	b.handler = proxy.New(proxy.Config{
		Pool: b.pool, Router: b.router, HealthPath: lb.HealthPath,
		ConnectTimeout: lb.ConnectTimeout, ConnectionAge: lb.ConnectionAge, RequestTimeout: lb.RequestTimeout,
		TotalTimeout: lb.TotalTimeout, IdleTimeout: lb.IdleTimeout, Retry: cfg.Retry,
		Observe: a.observe, Closing: a.frontend.closing, NameRequests: lb.AccessLog != "",
		UpstreamTLS: verify, Trusted: lb.TrustedPrefixes(),
		Name: a.name,
		Body: proxy.BodyLimits{
			Bytes: int64(lb.ClientLimits.BodyBytes), Timeout: lb.ClientLimits.BodyTimeout, Progress: lb.ClientLimits.BodyProgress,
		},
	})
	b.retired, b.retire = context.WithCancel(context.Background())
	return b, nil
}

// policyOptions is what the configuration says to the policies of a run with this seed, and where they complain.
func policyOptions(cfg config.Config, seed uint64, j *journal) policy.Options {
	o := cfg.PolicyOptions()
	o.Seed = derive(seed, "policies")
	o.Warn = func(policy, text string) { j.Event(metrics.EventWarning, policy+": "+text) }
	return o
}

// upstreams are the servers of a configuration, of which ours have addresses of their own. own is the balancer's
// listener, nil while there is none.
func upstreams(cfg config.Config, ours []*backends.Server, own net.Listener) ([]routing.UpstreamConfig, error) {
	ups := make([]routing.UpstreamConfig, len(cfg.Servers))
	for i, s := range cfg.Servers {
		address := s.URL
		if address == "" {
			address = "http://" + ours[i].Addr()
		}
		u, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("servers[%d].url %q: %w", i, address, err)
		}
		if own != nil && ownAddress(u, own.Addr()) {
			return nil, fmt.Errorf("servers[%d] %s: %s is the balancer's own address, %s: every request would come back for ever", i, s.ID, address, own.Addr())
		}
		ups[i] = routing.UpstreamConfig{ID: s.ID, URL: u, Weight: s.Weight, Health: s.Health, Leaving: s.Leaving}
	}
	return ups, nil
}

// upstreamTLS says how servers are verified; nil leaves it to the system's authorities.
func upstreamTLS(cfg config.Config, read func(path string) ([]byte, error)) (*tls.Config, error) {
	c := cfg.LoadBalancer.UpstreamTLS
	verify := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.Insecure}
	if c.CAFile == "" {
		return verify, nil
	}
	pem, err := read(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("load_balancer.upstream_tls.ca_file: %w", err)
	}
	verify.RootCAs = x509.NewCertPool()
	if !verify.RootCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("load_balancer.upstream_tls.ca_file: " + c.CAFile + " holds no PEM certificate")
	}
	return verify, nil
}
