package qlearn

import "math"

// Tuning is what can be changed of an agent while it learns: alpha, gamma, and an epsilon that
// decays with experience. It is for agents to embed, those of package deep too.
//
// Epsilon decays: EpisodeRequests requests make an episode, and after episode k
//
//	epsilon = max(MinExplorationRate, ExplorationRate * ExplorationDecay^k)
//
// It is computed from k instead of multiplied on, so that a table saved and loaded explores
// exactly as it would have done.
type Tuning struct {
	cfg      Config
	epsilon  float64
	held     bool // epsilon was set by hand and no longer decays
	requests int  // of the current episode
	episodes uint64
}

// NewTuning begins with the configured values.
func NewTuning(cfg Config) Tuning {
	t := Tuning{cfg: cfg}
	t.decay()
	return t
}

// Progress is what Resume wants again: completed episodes, and the requests of the current one.
func (t *Tuning) Progress() (episodes uint64, requests int) { return t.episodes, t.requests }

// Resume goes on where Progress was; 0, 0 is the start. An epsilon that was set by hand stays.
func (t *Tuning) Resume(episodes uint64, requests int) {
	t.episodes, t.requests = episodes, requests
	t.decay()
}

// EndRequest counts a completed request that the agent itself routed. Requests it only watched
// must not be counted: there it has not explored, so it has earned no right to explore less.
func (t *Tuning) EndRequest() {
	if t.requests++; t.requests < t.cfg.EpisodeRequests {
		return
	}
	t.requests = 0
	t.episodes++
	t.decay()
}

func (t *Tuning) decay() {
	if t.held {
		return
	}
	start := t.cfg.ExplorationRate
	end := min(start, t.cfg.MinExplorationRate) // an agent told not to explore at all doesn't start to
	t.epsilon = max(end, start*math.Pow(t.cfg.ExplorationDecay, float64(t.episodes)))
}

// Epsilon returns the exploration rate of now.
func (t *Tuning) Epsilon() float64 { return t.epsilon }

// HoldEpsilon sets the exploration rate, 0-1, and ends its decay: a value set by hand stays,
// also after Reset.
func (t *Tuning) HoldEpsilon(epsilon float64) { t.epsilon, t.held = epsilon, true }

// LearningRate returns alpha.
func (t *Tuning) LearningRate() float64 { return t.cfg.LearningRate }

// SetLearningRate sets alpha, above 0 and at most 1.
func (t *Tuning) SetLearningRate(alpha float64) { t.cfg.LearningRate = alpha }

// DiscountFactor returns gamma.
func (t *Tuning) DiscountFactor() float64 { return t.cfg.DiscountFactor }

// SetDiscountFactor sets gamma, 0 to below 1.
func (t *Tuning) SetDiscountFactor(gamma float64) { t.cfg.DiscountFactor = gamma }
