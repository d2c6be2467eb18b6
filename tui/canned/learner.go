package canned

import (
	"math"
	"time"

	"slbtui/engine/live"
	"slbtui/qlearn"
)

func learner(name string, table qlearn.Table, routes bool) live.Learner {
	l := live.Learner{
		Name: name, Routing: routes, Table: table, Agreement: 0.67,
		Params: []live.Param{
			{Name: "epsilon", Value: 0.1, Min: 0, Max: 1, Step: 0.05},
			{Name: "alpha", Value: 0.2, Min: 0.01, Max: 1, Step: 0.05},
			{Name: "gamma", Value: 0.9, Min: 0, Max: 0.99, Step: 0.05},
		},
		Stats: qlearn.Stats{States: table.States, Episodes: 410, Updates: table.Updates, Epsilon: 0.1, Explored: 0.09, DeltaQ: 0.42, Reward: -8.4},
	}
	for i := range 20 {
		l.Decisions = append(l.Decisions, Decision(table.Kind, i, len(table.Rows[0].Q), routes))
	}
	for i := range 83 {
		l.Rewards = append(l.Rewards, -14+float64(i)/15+Wave(i, 7))
		l.DeltaQs = append(l.DeltaQs, 4*math.Exp(-float64(i)/30)+0.2)
	}
	return l
}

// Decision is the i-th of twenty, the last one being of now.
func Decision(kind string, i, n int, routes bool) live.Decision {
	d := live.Decision{At: 83*time.Second - time.Duration(19-i)*100*time.Millisecond, Explored: i%7 == 4}
	for s := range n {
		e := qlearn.Explanation{Server: s, Level: (i + s) % 5, CellMS: 52 + 9*float64(s%3), Speed: 1, SocialMS: 3 * float64((i+s)%5), Known: s%11 < 10, Available: s%13 < 12}
		if s%3 == 0 {
			e.Speed, e.CensoredMS, e.FailMS = 1.8, 4, 1.5
		}
		e.ScoreMS = e.CellMS*e.Speed + e.SocialMS + e.CensoredMS + e.FailMS
		if kind == "joint" {
			e = qlearn.Explanation{Server: s, Level: (i + s) % 3, CellMS: 99 + 20*float64(s%3), Speed: 1, ScoreMS: 99 + 20*float64(s%3), Known: true, Available: true}
			d.State = "(high, medium, high)"
		}
		d.Servers = append(d.Servers, e)
		if s > 0 && e.ScoreMS < d.Servers[d.Chosen].ScoreMS {
			d.Chosen = s
		}
	}
	if d.Explored {
		d.Chosen = n - 1
	}
	if d.Routed = d.Chosen; !routes {
		d.Routed = i % n
	}
	return d
}

// LevelNames are the loads of a joint table.
var LevelNames = []string{"low", "medium", "high"}

func jointTable(n int) qlearn.Table {
	t := qlearn.Table{Kind: "joint", States: 12, Updates: 4120, LastRow: 2, LastServer: min(1, n-1)}
	for r := range 12 {
		label := "("
		for i := range n {
			if i > 0 {
				label += ", "
			}
			label += LevelNames[(r/(1+i%3*2)+i)%3]
		}
		t.Rows = append(t.Rows, TableRow(r, label+")", n, uint64(1200>>min(r, 9))))
	}
	return t
}

func factoredTable(n int) qlearn.Table {
	t := qlearn.Table{Kind: "factored", States: 9, Updates: 4120, LastRow: 3, LastServer: 0}
	for r, label := range []string{"0", "1", "2", "3", "4", "5", "6-7", "8-11", "12-16"} {
		t.Rows = append(t.Rows, TableRow(r, label, n, uint64(900>>r)))
	}
	return t
}

// TableRow is a row of n servers that was seen so often.
func TableRow(id int, label string, n int, seen uint64) qlearn.Row {
	r := qlearn.Row{ID: id, Label: label, Best: -1, Used: uint64(1 + (id+9)%12)} // the third was used last
	for i := range n {
		v := seen / uint64(1+i%3)
		q := 0.0
		if v > 0 {
			q = -6.5 - 1.7*float64(id) - 2.1*float64((i+id)%3)
			if r.Best < 0 || q > r.Q[r.Best] {
				r.Best = i
			}
		}
		r.Q, r.Visits = append(r.Q, q), append(r.Visits, v)
	}
	return r
}
