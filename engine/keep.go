package engine

import (
	"fmt"

	"slbtui/engine/learned"
	"slbtui/routing/policy"
)

// loadLearned takes what earlier runs learned from Options.Learned, if there is such a file.
func (e *Engine) loadLearned() error {
	if e.opts.Learned == "" {
		return nil
	}
	servers := make([]string, len(e.cfg.Servers))
	for i, s := range e.cfg.Servers {
		servers[i] = s.ID
	}
	e.learned = &learned.Store{Path: e.opts.Learned, Servers: servers}
	found, err := e.learned.Load(e.policies.Learners())
	if err != nil {
		return err
	}
	text := "nothing learned yet: " + e.opts.Learned + " will be made at the end"
	if found {
		text = "loaded learned tables from " + e.opts.Learned
		for _, l := range e.policies.Learners() {
			text += fmt.Sprintf(", %s %d updates", l.Name(), policy.Updates(l))
		}
	}
	e.journal.Event("engine", text)
	return nil
}

// saveLearned keeps what was learned for the next run.
func (e *Engine) saveLearned() error {
	if e.learned == nil {
		return nil
	}
	e.sampleMu.Lock() // no new configuration in between
	store, learners := *e.learned, e.policies.Learners()
	e.sampleMu.Unlock()
	if err := store.Save(learners); err != nil {
		return err
	}
	e.journal.Event("engine", "saved learned tables to "+store.Path)
	return nil
}
