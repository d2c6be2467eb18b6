package words

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/canned"
)

func TestWhy(t *testing.T) {
	measured := func(e qlearn.Explanation) qlearn.Explanation {
		e.Known, e.Available = true, true
		if e.Speed == 0 {
			e.Speed = 1
		}
		e.ScoreMS = e.CellMS*e.Speed + e.SocialMS + e.CensoredMS + e.FailMS + e.HopeMS + e.RefusedMS + e.ProbationMS
		return e
	}
	won := measured(qlearn.Explanation{CellMS: 61})
	for want, d := range map[string]live.Decision{
		"server1: 61 ms expected, 12 ms less than server2, whose 4 in flight would be delayed by 9.0 ms":                {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 64, SocialMS: 9, Level: 4})}},
		"server1: 61 ms expected, 19 ms less than server2, whose table says 80 ms with 6-7 in flight":                   {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 80, Level: 6})}},
		"server1: 61 ms expected, 39 ms less than server2, which is 2.0 times as slow as its table":                     {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 50, Speed: 2})}},
		"server1: 61 ms expected, 20 ms less than server2, whose oldest request is overdue":                             {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 61, CensoredMS: 20})}},
		"server1: 61 ms expected, 40 ms less than server2, whose failures cost 40 ms":                                   {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 61, FailMS: 40})}},
		"server1: 61 ms expected, 30 ms less than server2, which refuses what others do not, at 30 ms":                  {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 61, RefusedMS: 30})}},
		"server1: 61 ms expected, 1000 ms less than server2, which came back and has to answer its first request first": {Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 61, ProbationMS: 1000})}},
		"server1: 50 ms expected, 11 ms less than server2; it is little known and gets the benefit of the doubt, 20 ms": {Servers: []qlearn.Explanation{measured(qlearn.Explanation{CellMS: 70, HopeMS: -20}), won}},
		"server1: 61 ms expected, no more than server2":                                                                 {Servers: []qlearn.Explanation{won, won}},
		"server1: no other server was available":                                                                        {Servers: []qlearn.Explanation{won, {}}},
		"server1: never measured yet, so it is tried first":                                                             {Servers: []qlearn.Explanation{{Available: true, ScoreMS: -1}, won}},
		"server1: 61 ms expected; server2 was never measured and has a request to answer first":                         {Servers: []qlearn.Explanation{won, {Available: true, ScoreMS: 999}}},
		"server2: drawn at random, to explore; 19 ms more than server1":                                                 {Chosen: 1, Routed: 1, Explored: true, Servers: []qlearn.Explanation{won, measured(qlearn.Explanation{CellMS: 80})}},
		"server1: 61 ms expected, no more than server2; it watched, server2 got it":                                     {Routed: 1, Servers: []qlearn.Explanation{won, won}},
	} {
		s := canned.Snapshot(3)
		require.Equal(t, want, Why(ids(s), &s.Learners[1], &d))
	}
}

func TestWhyInAJointTable(t *testing.T) {
	tried := func(q float64) qlearn.Explanation {
		return qlearn.Explanation{CellMS: -10 * q, ScoreMS: -10 * q, Known: true, Available: true}
	}
	for want, d := range map[string]live.Decision{
		"server1: greedy: its Q of -9.9 is the highest, 2.1 above server2":           {Servers: []qlearn.Explanation{tried(-9.9), tried(-12)}},
		"server1: greedy: Q -9.9, as good as server2":                                {Servers: []qlearn.Explanation{tried(-9.9), tried(-9.9)}},
		"server2: drawn at random, to explore; its Q is -12.0, that of server1 -9.9": {Chosen: 1, Routed: 1, Explored: true, Servers: []qlearn.Explanation{tried(-9.9), tried(-12)}},
		"server1: greedy: not tried in this state yet, which counts as 0.0":          {Servers: []qlearn.Explanation{{Available: true}, tried(-12)}},
		"server1: greedy: Q -9.9, as good as server2; it watched, server3 got it":    {Routed: 2, Servers: []qlearn.Explanation{tried(-9.9), tried(-9.9), tried(-20)}},
	} {
		s := canned.Snapshot(3)
		require.Equal(t, want, Why(ids(s), &s.Learners[0], &d))
	}
}

// The mark in the table and the sentence above it speak of the same decision.
func TestLastCellIsTheExplainedDecision(t *testing.T) {
	s := canned.Snapshot(3)
	joint, factored := &s.Learners[0], &s.Learners[1]

	joint.Decisions = []live.Decision{{State: joint.Table.Rows[1].Label, Chosen: 2, Servers: make([]qlearn.Explanation, 3)}}
	row, server := LastCell(s, joint)
	require.Equal(t, joint.Table.Rows[1].ID, row)
	require.Equal(t, 2, server)

	joint.Decisions[0].State = "(not, in, table)"
	row, server = LastCell(s, joint)
	require.Equal(t, joint.Table.LastRow, row)
	require.Equal(t, joint.Table.LastServer, server)

	factored.Decisions = []live.Decision{{Chosen: 1, Servers: []qlearn.Explanation{{}, {Level: 4}, {}}}}
	row, server = LastCell(s, factored)
	require.Equal(t, 4, row)
	require.Equal(t, 1, server)

	factored.Decisions = nil
	row, server = LastCell(s, factored)
	require.Equal(t, factored.Table.LastRow, row)
	require.Equal(t, factored.Table.LastServer, server)
}

func ids(s *live.Snapshot) (out []string) {
	for i := range s.Servers {
		out = append(out, s.Servers[i].ID)
	}
	return out
}

func TestReadSaysWhatANetworkRead(t *testing.T) {
	s := ids(canned.Snapshot(2))
	d := &live.Decision{Chosen: 1, Servers: []qlearn.Explanation{{}, {Features: []qlearn.Feature{{Name: "in flight", Value: 1.5}, {Name: "odd", Value: math.NaN()}}}}}
	require.Equal(t, "read of server2: in flight 1.50, odd 0.00", Read(s, d))
	d.Chosen = 0
	require.Empty(t, Read(s, d))
}
