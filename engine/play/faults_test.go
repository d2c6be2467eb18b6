package play

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

func TestOverlappingFaultsBecomeValues(t *testing.T) {
	const s = time.Second
	begins := func(at time.Duration, f fault.Fault, d time.Duration) Fault {
		return Fault{At: at, SetFault: live.SetFault{Server: "a", Fault: f, For: d}}
	}
	for name, tt := range map[string]struct {
		faults []simulate.Fault
		want   []Fault
	}{
		"none": {},
		"one": {
			[]simulate.Fault{{At: 2 * s, For: s, Fault: fault.Fault{Slow: 5}}},
			[]Fault{begins(2*s, fault.Fault{Slow: 5}, s)},
		},
		"for good": {
			[]simulate.Fault{{Fault: fault.Fault{Crash: true}}},
			[]Fault{begins(0, fault.Fault{Crash: true}, 0)},
		},
		"slowdowns multiply": {
			[]simulate.Fault{{At: s, For: 3 * s, Fault: fault.Fault{Slow: 2}}, {At: 2 * s, For: 4 * s, Fault: fault.Fault{Slow: 3}}},
			[]Fault{
				begins(s, fault.Fault{Slow: 2}, 0), begins(2*s, fault.Fault{Slow: 6}, 0), begins(4*s, fault.Fault{Slow: 3}, 2*s),
			},
		},
		"to the contrary": {
			[]simulate.Fault{{At: s, Fault: fault.Fault{Slow: 2}}, {At: 2 * s, Fault: fault.Fault{Slow: 0.5}}},
			[]Fault{begins(s, fault.Fault{Slow: 2}, s)},
		},
		"kinds are apart": {
			[]simulate.Fault{{At: s, For: 2 * s, Fault: fault.Fault{ErrorRate: 0.2}}, {At: 2 * s, For: 2 * s, Fault: fault.Fault{Delay: s}}, {At: 2 * s, For: s, Fault: fault.Fault{ErrorRate: 0.1}}},
			[]Fault{begins(s, fault.Fault{ErrorRate: 0.2}, 2*s), begins(2*s, fault.Fault{Delay: s}, 2*s)},
		},
		"one after the other": {
			[]simulate.Fault{{At: s, For: s, Fault: fault.Fault{Stall: true}}, {At: 2 * s, For: s, Fault: fault.Fault{Stall: true}}},
			[]Fault{begins(s, fault.Fault{Stall: true}, 2*s)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sc := simulate.Scenario{Servers: []simulate.Server{{ID: "a"}, {ID: "b"}}, Faults: tt.faults}
			for i := range sc.Faults {
				sc.Faults[i].Server = "a"
			}
			require.Equal(t, tt.want, Plan(sc))
		})
	}
}
