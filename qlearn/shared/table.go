package shared

import (
	"math"
	"slices"

	"slbtui/qlearn"
)

// Snapshot returns a copy to look at while this learner goes on. Both read the same network.
func (l *Learner) Snapshot() *Learner {
	c := *l
	c.pass, c.servers, c.candidates, c.scores = l.net.NewPass(), slices.Clone(l.servers), nil, nil
	return &c
}

// Table works out of the network what the present situation is worth at every level: a cell is the cost of one
// more request to the server if it held so many, and all else were as it was when servers were last looked at.
// It has the first limit levels at which a server was measured, all when limit is 0 or less.
// It overwrites what Latest tells of, so ask a Snapshot.
func (l *Learner) Table(limit int) qlearn.Table {
	t := qlearn.Table{Kind: "factored", Updates: l.updates, LastRow: l.lastLevel, LastServer: l.lastServer}
	present := make([]Candidate, len(l.servers))
	for i := range l.servers {
		present[i] = Candidate{Server: i, InFlight: l.servers[i].inFlight}
	}
	l.gather(l.now, present)
	for b := range levels {
		if !l.visited(b) {
			continue
		}
		t.States++
		if limit <= 0 || len(t.Rows) < limit {
			t.Rows = append(t.Rows, l.row(b))
		}
	}
	return t
}

func (l *Learner) visited(b int) bool {
	return slices.ContainsFunc(l.servers, func(s server) bool { return s.curve.visits[b] > 0 })
}

func (l *Learner) row(b int) qlearn.Row {
	r := qlearn.Row{ID: b, Used: l.used[b], Label: qlearn.InFlightLabel(b), Q: make([]float64, len(l.servers)), Visits: make([]uint64, len(l.servers)), Best: -1}
	for i := range l.servers {
		s := &l.servers[i]
		if s.measured == 0 {
			continue
		}
		c := l.candidates[i]
		c.InFlight = qlearn.LowestInFlight(b)
		r.Q[i], r.Visits[i] = -l.score(l.now, &c)/qlearn.MSPerReward, s.curve.visits[b]
		if r.Visits[i] > 0 && (r.Best < 0 || r.Q[i] > r.Q[r.Best]) {
			r.Best = i
		}
	}
	return r
}

// Stats returns the learner's state in numbers.
func (l *Learner) Stats() qlearn.Stats {
	s := qlearn.Stats{
		Updates: l.updates, Epsilon: l.cfg.ExplorationRate, Explored: l.explored,
		DeltaQ: l.moved / qlearn.MSPerReward, Reward: l.reward / qlearn.MSPerReward,
	}
	for b := range levels {
		if l.visited(b) {
			s.States++
		}
	}
	return s
}

// Explain takes the latest decision apart: what the network read of each candidate and what it made of it. A
// server that was not drawn could not be chosen, which is what it is shown as.
func (l *Learner) Explain() []qlearn.Explanation {
	out := make([]qlearn.Explanation, len(l.servers))
	for i := range out {
		out[i] = qlearn.Explanation{Server: i, Level: qlearn.InFlightLevel(l.servers[i].inFlight), CellMS: -1, Speed: 1, ScoreMS: -1, Known: l.servers[i].measured > 0}
	}
	for i := range l.candidates {
		c := &l.candidates[i]
		e := &out[c.Server]
		e.Available, e.Level, e.ScoreMS = true, qlearn.InFlightLevel(c.InFlight), l.scores[i]
		if e.Known {
			l.read(l.now, c, l.pass.Input())
			e.CellMS, e.Features = e.ScoreMS, named(l.pass.Input())
		} else {
			e.FailMS = math.Max(0, e.ScoreMS+1-unknownMS*float64(c.InFlight))
		}
	}
	return out
}
