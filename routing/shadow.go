package routing

import (
	"sync"

	"slbtui/routing/policy"
)

// agreementWindow is about how many decisions back Agreement looks.
const agreementWindow = 200

// shadow is who watches, and how often it agrees with who routes: a running mean for
// the first agreementWindow decisions, an exponential average after.
type shadow struct {
	watcher policy.Watcher

	mu   sync.Mutex
	seen float64
	mean float64
}

func (s *shadow) observe(v policy.View, server int) policy.Token {
	t, would := s.watcher.Observe(v, server)
	agrees := 0.0
	if would == server {
		agrees = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = min(s.seen+1, agreementWindow)
	s.mean += (agrees - s.mean) / s.seen
	return t
}

func (s *shadow) agreement() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mean
}

func (s *shadow) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen, s.mean = 0, 0
}
