package engine

import (
	"bytes"
	"errors"
	"fmt"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

// hear takes in what other balancers have in flight at the same servers, and how many there are.
func (e *Engine) hear(c live.Others) error {
	if c.Balancers > 0 && c.Balancers != e.balancers {
		e.balancers = c.Balancers
		if err := e.among(c.Balancers); err != nil {
			return err
		}
	}
	b := e.current.balancer()
	if c.InFlight == nil {
		b.router.Tell(nil)
		return nil
	}
	b.router.Tell(busyElsewhere(b.cfg, c))
	return nil
}

// busyElsewhere is how many requests of others keep each server busy. Answers that stream on are none of them, unless
// that is said of the own ones.
func busyElsewhere(cfg config.Config, c live.Others) []int {
	counts := make([]int, len(cfg.Servers))
	for i, s := range cfg.Servers {
		counts[i] = c.InFlight[s.ID]
		if cfg.QFactored.Streams != factored.Busy {
			counts[i] -= c.Streaming[s.ID]
		}
	}
	return counts
}

// among lets the policies know how many balancers share the servers. What was learned among another number of
// them holds no more, but for what does not depend on it.
func (e *Engine) among(balancers int) error {
	old := e.current.balancer()
	cfg := old.cfg
	cfg.LoadBalancer.Balancers = balancers
	if old.cfg.LoadBalancer.Balancers == balancers {
		return nil
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	policies, losses, err := old.policies.Next(policyOptions(cfg, e.opts.Seed, e.journal))
	if err != nil {
		return err
	}
	if _, err := e.takeOver(old, cfg, policies); err != nil {
		return err
	}
	e.journal.Event(metrics.EventConfig, fmt.Sprintf("%d balancers share the servers", balancers))
	for _, text := range losses {
		e.journal.Event(metrics.EventWarning, text)
	}
	return nil
}

// setShadow chooses who learns while another policy routes.
func (e *Engine) setShadow(learners string) error {
	if !e.opts.ServeOnly {
		return errors.New("who learns in shadow is chosen at the start of a run with a load of its own (load_balancer.shadow)")
	}
	old := e.current.balancer()
	cfg := old.cfg
	if cfg.LoadBalancer.Shadow == learners {
		return nil
	}
	cfg.LoadBalancer.Shadow = learners
	if err := cfg.Validate(); err != nil {
		return err
	}
	if _, err := e.takeOver(old, cfg, old.policies); err != nil {
		return err
	}
	e.journal.Event(metrics.EventPolicy, "in shadow: "+learners)
	return nil
}

// saveTable writes what a learner knows.
func (b *balancer) saveTable(c live.SaveTable) error {
	l, err := b.persistent(c.Learner)
	if err != nil {
		return err
	}
	if known, ok := l.(policy.Policy); ok && policy.Updates(known) == 0 {
		return errors.New(c.Learner + " has learned nothing yet")
	}
	return l.Save(c.To, b.cfg.ServerIDs())
}

// loadTable lets a learner that knows nothing begin with what was saved.
func (b *balancer) loadTable(c live.LoadTable) error {
	l, err := b.persistent(c.Learner)
	if err != nil {
		return err
	}
	if known, ok := l.(policy.Policy); ok && policy.Updates(known) > 0 {
		return errors.New(c.Learner + " has learned something already")
	}
	return l.Load(bytes.NewReader(c.From), b.cfg.ServerIDs())
}

func (b *balancer) persistent(learner string) (policy.Persistent, error) {
	l, err := b.policies.Learner(learner)
	if err != nil {
		return nil, err
	}
	p, ok := l.(policy.Persistent)
	if !ok {
		return nil, errors.New("what " + learner + " knows cannot be kept")
	}
	return p, nil
}
