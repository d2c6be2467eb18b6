package backends

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// maxService bounds a draw: the lognormal has no upper end, and a slowdown multiplies it.
const maxService = time.Hour

// service draws what chance decides about a request. Service times and errors come from two streams,
// so that injecting errors does not change the service times of the others.
type service struct {
	meanMS, sigma float64

	mu     sync.Mutex
	times  *rand.Rand
	errors *rand.Rand
}

func newService(cfg Config) *service {
	h := fnv.New64a()
	h.Write([]byte(cfg.ID))
	id := h.Sum64()
	return &service{
		meanMS: cfg.BaseDelayMS,
		sigma:  cfg.Sigma,
		times:  rand.New(rand.NewPCG(cfg.Seed, id)),
		errors: rand.New(rand.NewPCG(cfg.Seed, ^id)),
	}
}

// draw returns a service time under a slowdown, where 0 means none, of a request of the given
// size (see SizeHeader), or of one drawn here when that is NaN.
//
// A lognormal X = exp(mu + sigma*N) has the mean exp(mu + sigma^2/2), so mu = ln(mean) - sigma^2/2
// keeps the mean whatever the spread.
func (s *service) draw(slow, size float64) time.Duration {
	mean := s.meanMS
	if slow > 0 {
		mean *= slow
	}
	if mean == 0 {
		return 0
	}
	ms := mean
	if s.sigma > 0 {
		if math.IsNaN(size) {
			s.mu.Lock()
			size = s.times.NormFloat64()
			s.mu.Unlock()
		}
		ms = math.Exp(math.Log(mean) - s.sigma*s.sigma/2 + s.sigma*size)
	}
	return time.Duration(min(ms*float64(time.Millisecond), float64(maxService)))
}

// fails tells whether a request is to fail under an error rate of 0-1. Luck is the request's own
// draw (see LuckHeader), or NaN to draw one here.
func (s *service) fails(rate, luck float64) bool {
	if rate <= 0 {
		return false
	}
	if !math.IsNaN(luck) {
		return luck < rate
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errors.Float64() < rate
}
