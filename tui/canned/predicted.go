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
		w.Rows = append(w.Rows, live.WhatIfRow{
			Policy: name, Start: start, Reference: name == "social_clairvoyant",
			WhatIfOutcome: live.WhatIfOutcome{MeanMS: mean, P99MS: p99, ErrorRate: errors}, Now: live.WhatIfOutcome{MeanMS: 1.1 * mean, P99MS: 1.2 * p99, ErrorRate: errors},
		})
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
