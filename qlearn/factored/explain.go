package factored

import (
	"time"

	"slbtui/qlearn"
)

// Explain returns the score of every server under these loads, by the code that Choose decides with.
func (f *Learner) Explain(now time.Duration, loads Loads) []qlearn.Explanation {
	out := make([]qlearn.Explanation, f.reach(loads))
	for i := range out {
		load, column, t := loads.Load(i), &f.servers[i], now.Seconds()
		held := f.held(loads, &load, column)
		s, b, tr := f.score(column, t, &load, held), nearest(held), &column.trouble
		out[i] = qlearn.Explanation{
			Server: i, Level: b, CellMS: -1, Speed: column.drift.speed(t),
			SocialMS: s.social, CensoredMS: s.censored, ScoreMS: s.total(), Known: column.measured > 0, Available: load.Available,
			FailMS: failureMS * tr.failures.at(t), RefusedMS: failureMS * f.refusing(tr, t), ProbationMS: tr.probation(&load),
			Others: int(held+0.5) - max(load.InFlight, 0),
		}
		if out[i].Known {
			out[i].CellMS = column.value[b].cell
			if load.told() {
				out[i].CellMS = column.between(held).cell
			}
			out[i].HopeMS = s.own - out[i].CellMS*out[i].Speed
		}
	}
	return out
}
