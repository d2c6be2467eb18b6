package engine

import (
	"context"
	"fmt"
	"slices"

	"slbtui/backends"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/regret"
	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

// balancer is what stands between clients and servers, as one configuration has it. A new
// configuration makes a new one, which takes over; requests in flight end on the old one.
type balancer struct {
	journal  *journal
	recorder *metrics.Recorder
	cfg      config.Config
	ours     []*backends.Server // indexed by server; nil where it runs elsewhere
	pool     *routing.Pool
	health   *routing.Health
	policies *policy.Set
	router   *routing.Router
	regret   *regret.Meter // nil where nobody knows the truth, or a policy is measured by itself
	handler  *proxy.Handler
	retired  context.Context // ends when another balancer has taken over
	retire   context.CancelFunc
}

// setPolicy lets a policy route, unless it does.
func (b *balancer) setPolicy(name string) error {
	if name == b.router.Policy().Name() {
		return nil
	}
	return b.nextPhase(name)
}

// nextPhase begins a phase of a policy, which may be the one that routes already.
func (b *balancer) nextPhase(name string) error {
	p, err := b.policies.Get(name)
	if err != nil {
		return err
	}
	from := b.router.Policy().Name()
	b.router.SetPolicy(p)
	b.startPhase()
	text := from + " → " + name
	if l, ok := p.(policy.Learner); ok && policy.Updates(p) == 0 && !b.router.Watches(l) {
		text += ", which starts cold: it did not learn in shadow"
	}
	b.journal.Event(metrics.EventPolicy, text)
	return nil
}

// startPhase counts from now on for the policy that routes.
func (b *balancer) startPhase() {
	p := b.router.Policy()
	_, learner := p.(policy.Learner)
	b.recorder.StartPhase(b.journal.Now(), metrics.Turn{Policy: p.Name(), Learner: learner, Updates: policy.Updates(p)})
	b.regret.Turn()
}

// learnerRoutes tells whether RL routes, be it the chosen learner or one that SetPolicy named.
func (b *balancer) learnerRoutes() bool {
	_, learner := b.router.Policy().(policy.Learner)
	return learner
}

// toggleRL goes from a learner to the baseline, and back to the chosen one.
func (b *balancer) toggleRL() error {
	if b.learnerRoutes() {
		return b.setPolicy(policy.Baseline)
	}
	return b.setPolicy(b.policies.Chosen())
}

func (b *balancer) setLearner(name string) error {
	routed, before := b.learnerRoutes(), b.policies.Chosen()
	if err := b.policies.Choose(name); err != nil {
		return err
	}
	if b.policies.Chosen() != before {
		b.journal.Event(metrics.EventPolicy, "RL is now "+name)
	}
	if routed {
		return b.setPolicy(name)
	}
	return nil
}

func (b *balancer) setParam(c live.SetParam) error {
	l, err := b.policies.Learner(c.Learner)
	if err != nil {
		return err
	}
	before := l.Params()
	if err := l.SetParam(c.Param, c.Value); err != nil {
		return err
	}
	if slices.Equal(l.Params(), before) {
		return nil
	}
	b.journal.Event(metrics.EventParam, fmt.Sprintf("%s: %s = %.4g", c.Learner, c.Param, c.Value))
	return nil
}

func (b *balancer) resetLearner(name string) error {
	l, err := b.policies.Learner(name)
	if err != nil {
		return err
	}
	l.Reset()
	b.journal.Event(metrics.EventParam, name+": table reset")
	return nil
}

func (b *balancer) warnInsecure() {
	if b.cfg.LoadBalancer.UpstreamTLS.Insecure {
		b.journal.Event(metrics.EventWarning, "upstream_tls.insecure: the servers' certificates are not verified; anybody between can read and change the traffic")
	}
}
