package deep

import "math"

// Epsilon decays as that of the joint table: after episode k of EpisodeRequests requests it is
// max(MinExplorationRate, ExplorationRate * ExplorationDecay^k).

// EndRequest counts a completed request that the agent itself routed.
func (a *Agent) EndRequest() {
	if a.requests++; a.requests < a.cfg.EpisodeRequests {
		return
	}
	a.requests = 0
	a.episodes++
	a.decay()
}

func (a *Agent) decay() {
	if a.held {
		return
	}
	start := a.cfg.ExplorationRate
	end := min(start, a.cfg.MinExplorationRate) // an agent told not to explore at all doesn't start to
	a.epsilon = max(end, start*math.Pow(a.cfg.ExplorationDecay, float64(a.episodes)))
}

// Epsilon returns the exploration rate of now.
func (a *Agent) Epsilon() float64 { return a.epsilon }

// HoldEpsilon sets the exploration rate, 0-1, and ends its decay.
func (a *Agent) HoldEpsilon(epsilon float64) { a.epsilon, a.held = epsilon, true }

// LearningRate returns alpha, the step size of Adam.
func (a *Agent) LearningRate() float64 { return a.cfg.LearningRate }

// SetLearningRate sets alpha, above 0 and at most 1.
func (a *Agent) SetLearningRate(alpha float64) { a.cfg.LearningRate = alpha }

// DiscountFactor returns gamma.
func (a *Agent) DiscountFactor() float64 { return a.cfg.DiscountFactor }

// SetDiscountFactor sets gamma, 0 to below 1.
func (a *Agent) SetDiscountFactor(gamma float64) { a.cfg.DiscountFactor = gamma }
