package policy

import (
	"fmt"
	"slices"
	"sync"
)

// Set makes policies when they are first asked for and keeps them, so that a learner that
// comes back still knows what it knew. Learners are made at once: they may learn in shadow, and one that
// does not takes no memory to speak of. It is safe for concurrent use.
type Set struct {
	opts     Options
	learners []Learner
	params   map[string][]Param // of each learner, as configured

	mu     sync.Mutex
	made   map[string]Policy
	chosen string // the learner that the RR/RL toggle goes to
}

// NewSet makes the learners, of which the one named chosen is Chosen. Its error is that of CheckLearner.
func NewSet(opts Options, chosen string) (*Set, error) {
	if err := CheckLearner(chosen); err != nil {
		return nil, err
	}
	s := &Set{opts: opts, made: map[string]Policy{}, params: map[string][]Param{}, chosen: chosen}
	for _, name := range LearnerNames() {
		p, err := s.Get(name)
		if err != nil {
			return nil, err
		}
		l, ok := p.(Learner)
		if !ok {
			return nil, fmt.Errorf("policy %s is registered as a learner and is none", name)
		}
		s.learners = append(s.learners, l)
		s.params[name] = l.Params()
	}
	return s, nil
}

// Get returns the policy of that name, always the same one. Its error is that of the options' Check.
func (s *Set) Get(name string) (Policy, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.made[name]; p != nil {
		return p, nil
	}
	p, err := New(name, s.opts)
	if err != nil {
		return nil, err
	}
	s.made[name] = p
	return p, nil
}

// Options are those that the policies are made with.
func (s *Set) Options() Options { return s.opts }

// Learner returns the learner of that name. Its error is that of CheckLearner.
func (s *Set) Learner(name string) (Learner, error) {
	i := slices.IndexFunc(s.learners, func(l Learner) bool { return l.Name() == name })
	if i < 0 {
		return nil, CheckLearner(name)
	}
	return s.learners[i], nil
}

// Learners returns all of them, in the order of All. The slice is the set's.
func (s *Set) Learners() []Learner { return s.learners }

// Watching returns the learners of those names as what they are in shadow. The slice is the caller's.
func (s *Set) Watching(names []string) (watching []Watcher) {
	for _, l := range s.learners {
		if slices.Contains(names, l.Name()) {
			watching = append(watching, l)
		}
	}
	return watching
}

// Chosen names the learner that the RR/RL toggle goes to.
func (s *Set) Chosen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chosen
}

// Choose makes the learner of that name Chosen. It fails, and changes nothing, when there is none.
func (s *Set) Choose(name string) error {
	if err := CheckLearner(name); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen = name
	return nil
}

// Next returns the set for other options: this one, unless something in them has changed. A new one knows
// what this one learned, as far as the servers stay, and what an operator has set; losses tells what
// could not be kept.
func (s *Set) Next(opts Options) (next *Set, losses []string, err error) {
	if opts.equal(s.opts) {
		return s, nil, nil
	}
	if next, err = NewSet(opts, s.Chosen()); err != nil {
		return nil, nil, err
	}
	ids, oldIDs := opts.ids(), s.opts.ids()
	for i, l := range next.learners {
		old := s.learners[i] // both sets come from the one registry
		keepParams(l, old, s.params[l.Name()])
		if err := l.Inherit(old, ids, oldIDs); err != nil {
			losses = append(losses, err.Error())
		} else if p, ok := l.(Partial); ok && p.Partial() != "" {
			losses = append(losses, fmt.Sprintf("%s keeps a part of its table: %s", l.Name(), p.Partial()))
		}
	}
	return next, losses, nil
}

// keepParams hands on what an operator has set. A parameter that the options change is theirs.
func keepParams(next, old Learner, configured []Param) {
	now := old.Params()
	for i, fresh := range next.Params() {
		if i < len(now) && i < len(configured) && fresh.Value == configured[i].Value {
			_ = next.SetParam(fresh.Name, now[i].Value) // it was in range in the old learner
		}
	}
}
