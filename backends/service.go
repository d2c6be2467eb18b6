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
	pareto        float64 // exponent, 0 is the lognormal

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
		pareto: cfg.Pareto,
		times:  rand.New(rand.NewPCG(cfg.Seed, id)),
		errors: rand.New(rand.NewPCG(cfg.Seed, ^id)),
	}
}

// draw returns the service time, under a slowdown where 0 means none, of a request of this size and factor
// (see SizeHeader and FactorHeader); a size of NaN is drawn here.
//
// A lognormal X = exp(mu + sigma*N) has the mean exp(mu + sigma^2/2), so mu = ln(mean) - sigma^2/2
// keeps the mean whatever the spread. A Pareto variable of exponent a has the tail P(X > x) = (x0/x)^a and the
// mean x0*a/(a-1); of the same N it is the quantile, so that a request that is long by one is long by the other.
func (s *service) draw(slow, size, factor float64) time.Duration {
	mean := s.meanMS * factor
	if slow > 0 {
		mean *= slow
	}
	if mean == 0 {
		return 0
	}
	ms := mean
	if s.sigma > 0 || s.pareto > 0 {
		if math.IsNaN(size) {
			s.mu.Lock()
			size = s.times.NormFloat64()
			s.mu.Unlock()
		}
		if s.pareto > 0 {
			ms = mean * (s.pareto - 1) / s.pareto * math.Pow(math.Erfc(size/math.Sqrt2)/2, -1/s.pareto)
		} else {
			ms = math.Exp(math.Log(mean) - s.sigma*s.sigma/2 + s.sigma*size)
		}
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
