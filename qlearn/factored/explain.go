package factored

import (
	"time"

	"slbtui/qlearn"
)

// Explain returns the score of every server under these loads, by the code that Choose decides with.
func (f *Learner) Explain(now time.Duration, loads []ServerLoad) []qlearn.Explanation {
	out := make([]qlearn.Explanation, min(len(loads), len(f.servers)))
	for i := range out {
		s, b := f.score(i, now.Seconds(), &loads[i]), levelOf(loads[i].all())
		out[i] = qlearn.Explanation{
			Server: i, Level: b, CellMS: -1, Speed: f.servers[i].drift.speed(now.Seconds()),
			SocialMS: s.social, CensoredMS: s.censored, FailMS: s.fail, ScoreMS: s.total(), Known: f.servers[i].measured > 0, Available: loads[i].Available,
		}
		if out[i].Known {
			out[i].CellMS = f.servers[i].value[b].cell
		}
	}
	return out
}
