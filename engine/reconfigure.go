package engine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"slbtui/engine/config"
	"slbtui/engine/metrics"
	"slbtui/routing/policy"
)

// reconfiguration is the order of Reconfigure.
type reconfiguration struct{ config config.Config }

// Reconfigure lets a new configuration take over, while requests in flight end as they began. Only a
// run that serves traffic from elsewhere can do it; what a running proxy cannot change is left as
// it is, and named by an event. It fails as Do does.
func (e *Engine) Reconfigure(ctx context.Context, cfg config.Config) error {
	return e.order(ctx, reconfiguration{cfg})
}

// reconfigure lets a new configuration take over. All that can fail comes first, so an error leaves
// everything as it was.
func (e *Engine) reconfigure(cfg config.Config) error {
	if !e.opts.ServeOnly {
		return errors.New("this run has servers and a load of its own: start it anew with the new configuration")
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	old := e.current.balancer()
	if e.balancers > 0 {
		cfg.LoadBalancer.Balancers = e.balancers // they were counted
	}
	if cfg.Discovery.On() && old.cfg.Discovery.On() {
		cfg.Servers = old.cfg.Servers // those that were found
	}
	if reflect.DeepEqual(cfg.Plain(), old.cfg.Plain()) {
		return nil
	}
	fixed := keepFixed(&cfg, old.cfg)
	if tls := cfg.LoadBalancer.TLS; tls != old.cfg.LoadBalancer.TLS {
		if err := e.frontend.certify(tls); err != nil {
			return err
		}
	}
	policies, losses, err := old.policies.Next(policyOptions(cfg, e.opts.Seed, e.journal))
	var next *balancer
	if err == nil {
		next, err = e.takeOver(old, cfg, policies)
	}
	if err != nil {
		_ = e.frontend.certify(old.cfg.LoadBalancer.TLS) // it was good a moment ago
		return err
	}
	e.journal.Event(metrics.EventConfig, fmt.Sprintf("new configuration: %d servers, %s routes", len(cfg.Servers), next.router.Policy().Name()))
	for _, text := range losses {
		e.journal.Event(metrics.EventWarning, text)
	}
	if len(fixed) > 0 {
		e.journal.Event(metrics.EventWarning, "only a restart changes "+strings.Join(fixed, ", "))
	}
	next.warnInsecure()
	return nil
}

// takeOver builds the balancer of cfg, in the place of old, and sends requests to it from now on.
func (e *Engine) takeOver(old *balancer, cfg config.Config, policies *policy.Set) (*balancer, error) {
	file := cfg.LoadBalancer.Policy
	routed := old.router.Policy().Name()
	if file == old.cfg.LoadBalancer.Policy && policies.Options().Check(routed) == nil {
		cfg.LoadBalancer.Policy = routed // an operator's choice stands while the file's is the same, and there is such a policy
	}
	b, err := e.assembly.assemble(cfg, policies, old)
	if err != nil {
		return nil, err
	}
	b.cfg.LoadBalancer.Policy = file
	if learner := cfg.LoadBalancer.Learner; learner != old.cfg.LoadBalancer.Learner {
		_ = policies.Choose(learner) // Validate knows the name
	}
	e.simulated.servers = cfg.Servers
	e.current.replace(b, func() {
		e.recorder.SetServers(cfg.ServerIDs())
		e.frontend.lead(b.handler, b.cfg.LoadBalancer)
	})
	old.retire()
	old.handler.HandOver(b.handler)
	if name := b.router.Policy().Name(); name != routed {
		b.startPhase()
		e.journal.Event(metrics.EventPolicy, routed+" → "+name)
	}
	return b, nil
}

// keepFixed puts back what a running proxy cannot change, and names it.
func keepFixed(cfg *config.Config, old config.Config) (names []string) {
	keep := func(name string, same bool, restore func()) {
		if !same {
			names = append(names, name)
			restore()
		}
	}
	lb, was := &cfg.LoadBalancer, old.LoadBalancer
	keep("load_balancer.host", lb.Host == was.Host, func() { lb.Host = was.Host })
	keep("load_balancer.port", lb.Port == was.Port, func() { lb.Port = was.Port })
	keep("load_balancer.front", lb.Front == was.Front, func() { lb.Front = was.Front })
	keep("load_balancer.access_log", lb.AccessLog == was.AccessLog, func() { lb.AccessLog = was.AccessLog })
	keep("load_balancer.tls (on or off)", lb.TLS.On() == was.TLS.On(), func() { lb.TLS = was.TLS })
	live := was.ClientLimits
	live.BodyBytes, live.BodyTimeout, live.BodyProgress = lb.ClientLimits.BodyBytes, lb.ClientLimits.BodyTimeout, lb.ClientLimits.BodyProgress
	keep("load_balancer.client_limits (but those of the body)", lb.ClientLimits == live, func() { lb.ClientLimits = live })
	keep("discovery", cfg.Discovery == old.Discovery, func() { cfg.Discovery, cfg.Servers = old.Discovery, old.Servers })
	keep("admin", cfg.Admin == old.Admin, func() { cfg.Admin = old.Admin })
	keep("cluster", reflect.DeepEqual(cfg.Cluster, old.Cluster), func() { cfg.Cluster = old.Cluster })
	simulated := slices.ContainsFunc(cfg.Servers, func(s config.Server) bool { return s.URL == "" })
	keep("servers without a url", !simulated, func() { cfg.Servers = old.Servers })
	return names
}
