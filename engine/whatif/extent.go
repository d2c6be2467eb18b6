package whatif

import (
	"time"

	"slbtui/engine/live"
)

// What a prediction may cost, in processor time on an ordinary core, and what a request of one
// policy does cost there (BenchmarkPredict): a part for the world, and one for every server that
// the policy looks at.
const (
	budget     = 220 * time.Millisecond
	perRequest = 1100 * time.Nanosecond
	perServer  = 55 * time.Nanosecond
)

const (
	fullHorizon = time.Minute
	warmShare   = 6 // the warm-up is this part of the horizon
	maxRuns     = 5 // more say little more
)

// extent takes as much as the budget allows: several runs of a minute where traffic is light, a part
// of one where it is heavy or the servers are many.
func extent(rate float64, servers, policies int) live.WhatIfExtent {
	each := perRequest + time.Duration(servers)*perServer
	requests := float64(budget) / float64(each) / float64(policies)
	span := time.Duration(requests / rate * float64(time.Second))
	full := fullHorizon + fullHorizon/warmShare
	if span >= full {
		return live.WhatIfExtent{Warmup: fullHorizon / warmShare, Horizon: fullHorizon, Runs: min(int(span/full), maxRuns)}
	}
	horizon := span * warmShare / (warmShare + 1)
	for _, unit := range []time.Duration{time.Second, 100 * time.Millisecond, time.Millisecond} {
		if horizon >= 10*unit {
			horizon = horizon.Truncate(unit)
			break
		}
	}
	horizon = max(horizon, time.Millisecond)
	return live.WhatIfExtent{Warmup: horizon / warmShare, Horizon: horizon, Runs: 1}
}
