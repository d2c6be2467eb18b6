package canned

import (
	"time"

	"slbtui/engine/live"
)

// Predicted is Snapshot(3) with a what-if of the given state, all policies done unless it runs.
func Predicted(state live.WhatIfState) *live.Snapshot {
	s := Snapshot(3)
	w := &live.WhatIf{
		State: state, At: 80 * time.Second, Took: 400 * time.Millisecond, Policy: "q_learning", Rate: 50,
		Faults: []string{"server1 slow x5, 15s left"},
	}
	w.WhatIfExtent = live.WhatIfExtent{Warmup: 10 * time.Second, Horizon: time.Minute, Runs: 5}
	w.Lasting, w.Total = 15*time.Second, 9
	add := func(name string, start live.WhatIfStart, mean, p99, errors float64) {
		row := live.WhatIfRow{
			Policy: name, Start: start, Reference: name == "social_clairvoyant",
			WhatIfOutcome: live.WhatIfOutcome{MeanMS: mean, P99MS: p99, ErrorRate: errors}, Now: live.WhatIfOutcome{MeanMS: 1.1 * mean, P99MS: 1.2 * p99, ErrorRate: errors},
		}
		if mean > 0 && name != w.Policy {
			row.Versus = live.WhatIfVersus{Mean: live.Range{0.96*mean/84 - 1, 1.04*mean/84 - 1}, P99: live.Range{0.9*p99/260 - 1, 1.1*p99/260 - 1}}
		}
		w.Rows = append(w.Rows, row)
	}
	add("round_robin", live.StartPlain, 388, 1220, 0)
	add("weighted_round_robin", live.StartPlain, 2388, 11220, 0.004)
	add("least_request", live.StartPlain, 71, 171, 0)
	add("peak_ewma", live.StartPlain, 48, 190, 0.25)
	if state == live.WhatIfRunning {
		w.Rows = w.Rows[:3]
		s.WhatIf = w
		return s
	}
	add("prequal", live.StartPlain, 0, 0, 1)
	add("q_learning", live.StartCopied, 84, 260, 0)
	add("expected_sarsa", live.StartEmpty, 83, 265, 0)
	add("q_factored", live.StartCopied, 62, 280, 0.002)
	add("social_clairvoyant", live.StartPlain, 60, 148, 0)
	s.WhatIf = w
	return s
}

// LookedBack is Snapshot(3) with a look back of the given state, at servers that were fitted with a grade, or ("") known.
func LookedBack(state live.WhatIfState, grade string) *live.Snapshot {
	s := Predicted(state)
	w := s.WhatIf
	w.WhatIfExtent = live.WhatIfExtent{Horizon: 80 * time.Second, Runs: 2}
	w.Lasting, w.Faults = w.Horizon, []string{"server1 slow x5"}
	w.Past = &live.Past{
		From: 2 * time.Second, Requests: 4012, Routed: []string{"round_robin", "q_learning"}, Grade: grade,
		Was: live.WhatIfOutcome{MeanMS: 107, P99MS: 420, ErrorRate: 0.002},
	}
	switch grade {
	case "B":
		w.Past.Reasons = []string{"server3: its slots were never full; it serves at least 4 at once"}
	case "C":
		w.Past.Reasons = []string{"mean: the simulation of round_robin gives 91, the log has 107 (-15 %; 3 are tolerated)"}
		w.Rows, w.Total = nil, 0
	}
	s.WhatIf, s.LookBack = nil, w
	return s
}
