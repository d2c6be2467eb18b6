package factored

import (
	"math"
	"time"

	"slbtui/qlearn"
)

// Explain returns the score of every server under these loads, by the code that Choose decides with.
func (f *Learner) Explain(now time.Duration, loads Loads) []qlearn.Explanation {
	out := make([]qlearn.Explanation, f.reach(loads))
	for i := range out {
		load, column, t := f.load(loads, i), &f.servers[i], now.Seconds()
		s, b, tr := f.score(column, t, &load), load.level(), &f.servers[i].trouble
		out[i] = qlearn.Explanation{
			Server: i, Level: b, CellMS: -1, Speed: column.drift.speed(t),
			SocialMS: s.social, CensoredMS: s.censored, ScoreMS: s.total(), Known: column.measured > 0, Available: load.Available,
			FailMS: failureMS * tr.failures.at(t), RefusedMS: failureMS * f.refusing(tr, t), ProbationMS: tr.probation(&load),
			Others: int(math.Round(load.held)) - max(load.InFlight, 0),
		}
		if out[i].Known {
			out[i].CellMS = column.at(&load).cell
			out[i].HopeMS = s.own - out[i].CellMS*out[i].Speed
		}
	}
	return out
}
