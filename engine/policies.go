package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"slbtui/routing/policy"
)

// policySet makes policies when they are first asked for and keeps them, so that a learner that
// comes back still knows what it knew. Learners are made at once: they may learn in shadow, and one that
// does not takes no memory to speak of.
type policySet struct {
	mu       sync.Mutex
	opts     policy.Options
	made     map[string]policy.Policy
	learners []policy.Learner
	params   map[string][]policy.Param // of each learner, as configured
	rl       string                    // the learner that the RR/RL toggle goes to
}

func newPolicySet(opts policy.Options, rl string) (*policySet, error) {
	s := &policySet{opts: opts, made: map[string]policy.Policy{}, params: map[string][]policy.Param{}, rl: rl}
	for _, spec := range policy.All() {
		if !spec.Learner {
			continue
		}
		p, err := s.get(spec.Name)
		if err != nil {
			return nil, err
		}
		l, ok := p.(policy.Learner)
		if !ok {
			return nil, fmt.Errorf("policy %s is registered as a learner and is none", spec.Name)
		}
		s.learners = append(s.learners, l)
		s.params[l.Name()] = l.Params()
	}
	if _, err := s.learner(rl); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *policySet) get(name string) (policy.Policy, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.made[name]; p != nil {
		return p, nil
	}
	p, err := policy.New(name, s.opts)
	if err != nil {
		return nil, err
	}
	s.made[name] = p
	return p, nil
}

// learner finds a learner by name.
func (s *policySet) learner(name string) (policy.Learner, error) {
	var names []string
	for _, l := range s.learners {
		if l.Name() == name {
			return l, nil
		}
		names = append(names, l.Name())
	}
	return nil, errors.New("unknown learner " + fmt.Sprintf("%q", name) + " (allowed: " + strings.Join(names, ", ") + ")")
}

func (s *policySet) chosenRL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rl
}

func (s *policySet) chooseRL(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rl = name
}

// updates tells how much a policy has learned so far; 0 for one that does not learn.
func updates(p policy.Policy) uint64 {
	if l, ok := p.(policy.Inspectable); ok {
		return l.Stats().Updates
	}
	return 0
}

// watching returns the learners of those names.
func (s *policySet) watching(names []string) (watching []policy.Learner) {
	for _, l := range s.learners {
		if slices.Contains(names, l.Name()) {
			watching = append(watching, l)
		}
	}
	return watching
}
