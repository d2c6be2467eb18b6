package whatif

import (
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
)

// stretches are what the time of all runs together is cut into: requests of one are not independent, for they share
// queues, but stretches nearly are.
const stretches = 20

// Runs are what became of the requests of each run, in the order they were due.
type Runs [][]simulate.Record

// Versus is by how much these are above those of another policy, which met the same requests in as many runs: the
// successful ones of both, pair by pair. It is unknown where there are none.
func (r Runs) Versus(to Runs) live.WhatIfVersus {
	var mine, theirs stats.Blocks
	each := max(1, stretches/max(1, len(r)))
	for k := range min(len(r), len(to)) {
		n := min(len(r[k]), len(to[k]))
		for i := range n {
			if a, b := &r[k][i], &to[k][i]; !a.Failed && !b.Failed {
				block := k*each + i*each/n
				mine.Add(block, a.Latency.Seconds())
				theirs.Add(block, b.Latency.Seconds())
			}
		}
	}
	return live.WhatIfVersus{
		Mean: above(mine.RatioInterval(&theirs, "mean")), P99: above(mine.P99RatioInterval(&theirs, "p99")),
	}
}

// above turns a ratio into a difference.
func above(ratio stats.Interval) live.Range {
	if !ratio.Known() {
		return live.Range{}
	}
	return live.Range{ratio[0] - 1, ratio[1] - 1}
}
