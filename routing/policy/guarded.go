package policy

import (
	"fmt"
	"strings"
	"sync"

	"slbtui/qlearn"
)

// guarded is what the learners here share: a table behind a lock, and what people ask of it. What a learner
// decides and what it makes of an outcome is its own, under the same lock.
type guarded[T table] struct {
	name  string
	knobs []knob[T]

	mu      sync.Mutex
	learner T
	log     explainLog
}

// table is what packages qlearn and factored have: not safe for concurrent use.
type table interface {
	Table(limit int) qlearn.Table
	Stats() qlearn.Stats
}

// knob is a parameter, and where in the table its value is.
type knob[T table] struct {
	Param // but for its Value
	get   func(T) float64
	set   func(T, float64)
}

// Name is the learner's.
func (g *guarded[T]) Name() string { return g.name }

// Table returns the limit rows most worth seeing, all of them when limit is not above 0.
func (g *guarded[T]) Table(limit int) qlearn.Table {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.learner.Table(limit)
}

// Stats sums up what was learned.
func (g *guarded[T]) Stats() qlearn.Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.learner.Stats()
}

// Explained returns a sample of the latest decisions.
func (g *guarded[T]) Explained() []Explained {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.log.all()
}

// Params lists epsilon, alpha and gamma.
func (g *guarded[T]) Params() []Param {
	g.mu.Lock()
	defer g.mu.Unlock()
	params := make([]Param, len(g.knobs))
	for i, k := range g.knobs {
		params[i] = k.Param
		params[i].Value = k.get(g.learner)
	}
	return params
}

// SetParam changes one of Params. What was learned stays.
func (g *guarded[T]) SetParam(name string, value float64) error {
	k, err := g.knob(name, value)
	if err != nil {
		return fmt.Errorf("%s: %w", g.name, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	k.set(g.learner, value)
	return nil
}

// knob returns the one of that name if it may take value.
func (g *guarded[T]) knob(name string, value float64) (knob[T], error) {
	names := make([]string, len(g.knobs))
	for i, k := range g.knobs {
		if names[i] = k.Name; k.Name != name {
			continue
		}
		if !(value >= k.Min && value <= k.Max) { // also when value is NaN
			return knob[T]{}, fmt.Errorf("%s = %v is not in %v-%v", name, value, k.Min, k.Max)
		}
		return k, nil
	}
	return knob[T]{}, fmt.Errorf("no parameter %q; there are %s", name, strings.Join(names, ", "))
}
