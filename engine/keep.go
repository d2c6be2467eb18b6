package engine

import (
	"fmt"

	"slbtui/engine/learned"
	"slbtui/engine/metrics"
	"slbtui/routing/policy"
)

// loadLearned takes what earlier runs learned from Options.Learned, if there is such a file.
func (e *Engine) loadLearned() error {
	if e.opts.Learned == "" {
		return nil
	}
	b := e.current.balancer()
	found, err := e.learned(b).Load(b.policies.Learners())
	if err != nil {
		return err
	}
	text := "nothing learned yet: " + e.opts.Learned + " will be made at the end"
	if found {
		text = "loaded learned tables from " + e.opts.Learned
		for _, l := range b.policies.Learners() {
			text += fmt.Sprintf(", %s %d updates", l.Name(), policy.Updates(l))
		}
	}
	e.journal.Event(metrics.EventEngine, text)
	for _, l := range b.policies.Learners() {
		if p, ok := l.(policy.Partial); ok && p.Partial() != "" {
			e.journal.Event(metrics.EventWarning, fmt.Sprintf("table of %s in %s: %s", l.Name(), e.opts.Learned, p.Partial()))
		}
	}
	return nil
}

// saveLearned keeps what was learned for the next run.
func (e *Engine) saveLearned() error {
	if e.opts.Learned == "" {
		return nil
	}
	b := e.current.balancer()
	if err := e.learned(b).Save(b.policies.Learners()); err != nil {
		return err
	}
	e.journal.Event(metrics.EventEngine, "saved learned tables to "+e.opts.Learned)
	return nil
}

// learned is the file of what a balancer's learners know.
func (e *Engine) learned(b *balancer) *learned.Store {
	return &learned.Store{Path: e.opts.Learned, Servers: b.cfg.ServerIDs()}
}
