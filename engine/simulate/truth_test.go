package simulate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTruth(t *testing.T) {
	for name, tt := range map[string]struct {
		truth             Truth
		expected, imposed float64
	}{
		"idle":                 {Truth{MeanMS: 50, Workers: 4}, 50, 0},
		"the last free slot":   {Truth{MeanMS: 50, Workers: 4, Holding: 3}, 50, 0},
		"all slots busy":       {Truth{MeanMS: 50, Workers: 4, Holding: 4}, 50 + 50/4., 50},
		"a queue":              {Truth{MeanMS: 50, Workers: 4, Holding: 11}, 50 + 50*8/4., 50 * 11 / 4.},
		"no limit":             {Truth{MeanMS: 50, Holding: 99}, 50, 0},
		"delay":                {Truth{MeanMS: 50, Workers: 4, DelayMS: 30}, 80, 0},
		"a fifth fails":        {Truth{MeanMS: 50, Workers: 4, ErrorRate: 0.2}, 50 + 0.2*FailureCostMS, 0},
		"gone":                 {Truth{MeanMS: 50, Workers: 4, Crashed: true}, 50 + FailureCostMS, 0},
		"stalled for a while":  {Truth{MeanMS: 50, Workers: 4, StallMS: 700}, 750, 0},
		"stalled for good":     {Truth{MeanMS: 50, Workers: 4, StallMS: math.Inf(1)}, 50 + FailureCostMS, 0},
		"slow, busy and delay": {Truth{MeanMS: 250, Workers: 2, Holding: 2, DelayMS: 10}, 260 + 125, 250},
	} {
		require.InDelta(t, tt.expected, tt.truth.ExpectedMS(), 1e-9, name)
		require.InDelta(t, tt.imposed, tt.truth.ImposedMS(), 1e-9, name)
	}
}
