package deep

import (
	"slices"

	"slbtui/qlearn"
	"slbtui/qlearn/net"
)

// Picture is what people look at: the table, worked out when it is asked for, while the agent goes on.
type Picture struct {
	table  qlearn.Table
	online *net.Network
	state  []float32
	visits [][qlearn.InFlightLevels]uint64
	used   [qlearn.InFlightLevels]uint64
	high   qlearn.Thresholds
}

// Picture copies what Table needs.
func (a *Agent) Picture() Picture {
	p := Picture{
		table:  qlearn.Table{Kind: "factored", Updates: a.updates, LastRow: -1, LastServer: a.lastServer},
		visits: slices.Clone(a.visits), used: a.used, high: a.high.ActiveRequests, state: slices.Clone(a.state()),
	}
	if a.online != nil {
		p.online = a.online.Clone()
	}
	if d := a.replay.find(a.latest); d != nil {
		p.table.LastRow = d.level
	}
	return p
}

// state is the latest one, nil before the first.
func (a *Agent) state() []float32 {
	if d := a.replay.find(a.latest); d != nil {
		return d.state
	}
	return a.restored
}

// Table is what Picture.Table makes of now.
func (a *Agent) Table(limit int) qlearn.Table { return a.Picture().Table(limit) }

// Table shows a network as a table: a cell is Q of the latest state, had that server so many requests in
// flight. It has the first limit levels with an outcome, all when limit is 0 or less.
func (p Picture) Table(limit int) qlearn.Table {
	t := p.table
	for b := range qlearn.InFlightLevels {
		if !slices.ContainsFunc(p.visits, func(v [qlearn.InFlightLevels]uint64) bool { return v[b] > 0 }) {
			continue
		}
		t.States++
		if limit <= 0 || len(t.Rows) < limit {
			t.Rows = append(t.Rows, p.row(b))
		}
	}
	return t
}

func (p Picture) row(b int) qlearn.Row {
	n := len(p.visits)
	r := qlearn.Row{ID: b, Label: qlearn.InFlightLabel(b), Q: make([]float64, n), Visits: make([]uint64, n), Best: -1, Used: p.used[b]}
	pass := p.online.NewPass()
	for i, x := range p.state {
		pass.Input()[i] = float64(x)
	}
	for i := range n {
		at := perServer*i + active
		pass.Input()[at] = float64(units(float64(qlearn.LowestInFlight(b)), p.high))
		r.Q[i], r.Visits[i] = rewardUnit*p.online.Forward(pass)[i], p.visits[i][b]
		pass.Input()[at] = float64(p.state[at])
		if r.Visits[i] > 0 && (r.Best < 0 || r.Q[i] > r.Q[r.Best]) {
			r.Best = i
		}
	}
	return r
}

// Stats sums up the agent's state. DeltaQ is by how much the network missed its goals lately.
func (a *Agent) Stats() qlearn.Stats {
	episodes, _ := a.Progress()
	s := qlearn.Stats{
		Episodes: episodes, Updates: a.updates, Epsilon: a.Epsilon(),
		Explored: a.explored.value, DeltaQ: a.missed.value, Reward: a.reward.value,
	}
	for b := range qlearn.InFlightLevels {
		if slices.ContainsFunc(a.visits, func(v [qlearn.InFlightLevels]uint64) bool { return v[b] > 0 }) {
			s.States++
		}
	}
	return s
}

// Explored tells whether the latest decision was the agent's own and drawn at random.
func (a *Agent) Explored() bool { return a.exploring }

// Explain takes the latest decision apart as the joint table does: a server's score, of which the lowest is
// chosen, is -Q in ms, what is to follow the request included. It is nil before the first decision.
func (a *Agent) Explain() []qlearn.Explanation {
	d := a.replay.find(a.latest)
	if d == nil {
		return nil
	}
	out, read := make([]qlearn.Explanation, a.servers), make([]qlearn.Feature, perServer*a.servers)
	for i, q := range a.values(a.online, d.state) {
		cost := 0 - qlearn.MSPerReward*rewardUnit*q
		x, features := d.state[perServer*i:], read[perServer*i:][:perServer:perServer]
		for k, name := range []string{cpu: "cpu", active: "active", response: "response"} {
			features[k] = qlearn.Feature{Name: name, Value: float64(x[k])}
		}
		out[i] = qlearn.Explanation{
			Server: i, Level: qlearn.InFlightLevel(int(float64(x[active])*a.high.ActiveRequests.Medium + 0.5)), CellMS: cost, Speed: 1, ScoreMS: cost,
			Known: a.visits[i] != [qlearn.InFlightLevels]uint64{}, Available: d.available[i],
			Features: features,
		}
	}
	return out
}
