package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

func TestOverlappingFaultsBecomeValues(t *testing.T) {
	const s = time.Second
	fault := func(at time.Duration, f live.Fault, d time.Duration) PlannedFault {
		return PlannedFault{At: at, SetFault: live.SetFault{Server: "a", Fault: f, For: d}}
	}
	for name, tt := range map[string]struct {
		faults []simulate.Fault
		want   []PlannedFault
	}{
		"none": {},
		"one": {
			[]simulate.Fault{{At: 2 * s, For: s, Slow: 5}},
			[]PlannedFault{fault(2*s, live.Fault{Slow: 5}, s)},
		},
		"for good": {
			[]simulate.Fault{{Crash: true}},
			[]PlannedFault{fault(0, live.Fault{Crash: true}, 0)},
		},
		"slowdowns multiply": {
			[]simulate.Fault{{At: s, For: 3 * s, Slow: 2}, {At: 2 * s, For: 4 * s, Slow: 3}},
			[]PlannedFault{
				fault(s, live.Fault{Slow: 2}, 0), fault(2*s, live.Fault{Slow: 6}, 0), fault(4*s, live.Fault{Slow: 3}, 2*s),
			},
		},
		"to the contrary": {
			[]simulate.Fault{{At: s, Slow: 2}, {At: 2 * s, Slow: 0.5}},
			[]PlannedFault{fault(s, live.Fault{Slow: 2}, s)},
		},
		"kinds are apart": {
			[]simulate.Fault{{At: s, For: 2 * s, Errors: 0.2}, {At: 2 * s, For: 2 * s, Delay: s}, {At: 2 * s, For: s, Errors: 0.1}},
			[]PlannedFault{fault(s, live.Fault{ErrorRate: 0.2}, 2*s), fault(2*s, live.Fault{Delay: s}, 2*s)},
		},
		"one after the other": {
			[]simulate.Fault{{At: s, For: s, Stall: true}, {At: 2 * s, For: s, Stall: true}},
			[]PlannedFault{fault(s, live.Fault{Stall: true}, 2*s)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sc := simulate.Scenario{Servers: []simulate.Server{{ID: "a"}, {ID: "b"}}, Faults: tt.faults}
			for i := range sc.Faults {
				sc.Faults[i].Server = "a"
			}
			require.Equal(t, tt.want, PlanFaults(sc))
		})
	}
}
