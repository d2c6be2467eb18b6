package train

import (
	"math/rand/v2"

	"slbtui/engine/simulate"
	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
	"slbtui/routing/policy"
)

// sample is the servers of one decision: what the network read of each, and what each truly costs.
type sample struct {
	features []float32 // one server after the other
	costMS   []float32
	scaleMS  float32 // mean service time of these servers, the unit of regret
	poolMS   float32 // what the network's output is a multiple of
}

// student is q_network in training: it decides, or watches the truth decide, and keeps a part of its decisions
// with their labels.
type student struct {
	*policy.QNetwork
	truth func(server int) simulate.Truth
	led   bool    // the truth decides
	keep  float64 // share of the decisions to keep
	rng   *rand.Rand
	notes *[]sample
}

// Inform implements simulate.Insider.
func (s *student) Inform(truth func(server int) simulate.Truth) { s.truth = truth }

// Pick decides and takes notes.
func (s *student) Pick(v policy.View) (server int, t policy.Token) {
	if s.led {
		if server = s.best(v); server != policy.NoServer {
			t, _ = s.Observe(v, server)
		}
	} else {
		server, t = s.QNetwork.Pick(v)
	}
	if server != policy.NoServer && s.rng.Float64() < s.keep {
		s.note()
	}
	return server, t
}

// cost is the label of a server: what one more request is expected to take there, what it imposes on the others,
// and what a failure is worth. That is less than the lab's price of a failure, which is the longest wait there
// is: at that price the network would let a whole queue wait for a server that fails one request in ten.
func (s *student) cost(server int) float64 {
	t := s.truth(server)
	return t.ExpectedMS() - t.ErrorRate*(simulate.FailureCostMS-failureMS) + socialWeight*t.ImposedMS()
}

const (
	failureMS    = 2000 // as q_factored has it
	socialWeight = 1.5  // of the delay imposed on the others: above 1, as those still to come wait, too
	exploration  = 0.02 // higher than in use: some situations are rare
)

func (s *student) best(v policy.View) int {
	best, lowest := policy.NoServer, 0.0
	for _, i := range s.rng.Perm(len(v.Servers)) {
		if !v.Servers[i].Available {
			continue
		}
		if cost := s.cost(i); best == policy.NoServer || cost < lowest {
			best, lowest = i, cost
		}
	}
	return best
}

// note keeps the latest decision, if it was one: with a single candidate there is nothing to learn.
func (s *student) note() {
	n := sample{}
	s.Latest(func(server int, features []float64, poolMS float64) {
		for _, x := range features {
			n.features = append(n.features, float32(x))
		}
		n.costMS = append(n.costMS, float32(s.cost(server)))
		n.scaleMS += float32(s.truth(server).MeanMS)
		n.poolMS = float32(poolMS)
	})
	if len(n.costMS) > 1 {
		n.scaleMS /= float32(len(n.costMS))
		*s.notes = append(*s.notes, n)
	}
}

// attend runs one scenario and returns the decisions kept.
func attend(cfg Config, round, i int, network *net.Network) ([]sample, error) {
	sc, seed := cfg.scenario(round, i)
	keep := float64(cfg.Decisions) / (sc.MeanRate() * sc.Duration.Seconds())
	var notes []sample
	_, err := simulate.RunPolicy(sc, "q_network", seed, policy.Options{QNetwork: shared.Config{ExplorationRate: exploration}, Network: network},
		func(_ string, o policy.Options) (policy.Policy, error) {
			return &student{
				QNetwork: policy.NewQNetwork(o), led: round == 0, keep: keep, rng: rand.New(rand.NewPCG(o.Seed, seed)), notes: &notes,
			}, nil
		})
	return notes, err
}
