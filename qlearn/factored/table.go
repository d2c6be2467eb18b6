package factored

import "slbtui/qlearn"

// Table returns the first limit visited levels, all when limit is 0 or less. Q is the measured
// mean alone, not what pooling makes of it.
func (f *Learner) Table(limit int) qlearn.Table {
	t := qlearn.Table{Kind: "factored", Updates: f.updates, LastRow: f.lastLevel, LastServer: f.lastServer}
	for b := range levels {
		if !f.visited(b) {
			continue
		}
		t.States++
		if limit <= 0 || len(t.Rows) < limit {
			t.Rows = append(t.Rows, f.row(b))
		}
	}
	return t
}

// Stats returns the learner's state in numbers. A failure earns -200, the cost of 2000 ms.
func (f *Learner) Stats() qlearn.Stats {
	s := qlearn.Stats{Updates: f.updates, Epsilon: f.cfg.ExplorationRate, Explored: f.explored, DeltaQ: f.deltaQ, Reward: f.reward}
	for b := range levels {
		if f.visited(b) {
			s.States++
		}
	}
	return s
}

func (f *Learner) visited(b int) bool {
	for i := range f.servers {
		if f.servers[i].visits[b] > 0 {
			return true
		}
	}
	return false
}

func (f *Learner) row(b int) qlearn.Row {
	r := qlearn.Row{ID: b, Used: f.used[b], Label: levelLabel(b), Q: make([]float64, len(f.servers)), Visits: make([]uint64, len(f.servers)), Best: -1}
	for i := range f.servers {
		r.Visits[i] = f.servers[i].visits[b]
		if r.Visits[i] == 0 {
			continue
		}
		r.Q[i] = -f.servers[i].mean[b] / qlearn.MSPerReward
		if r.Best < 0 || r.Q[i] > r.Q[r.Best] {
			r.Best = i
		}
	}
	return r
}
