package experiment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/simulate"
)

func TestOverlappingFaultsBecomeValues(t *testing.T) {
	const s = time.Second
	fault := func(at time.Duration, f engine.Fault, d time.Duration) engine.PlannedFault {
		return engine.PlannedFault{At: at, SetFault: engine.SetFault{Server: "a", Fault: f, For: d}}
	}
	for name, tt := range map[string]struct {
		faults []simulate.Fault
		want   []engine.PlannedFault
	}{
		"none": {},
		"one": {
			[]simulate.Fault{{At: 2 * s, For: s, Slow: 5}},
			[]engine.PlannedFault{fault(2*s, engine.Fault{Slow: 5}, s)},
		},
		"for good": {
			[]simulate.Fault{{Crash: true}},
			[]engine.PlannedFault{fault(0, engine.Fault{Crash: true}, 0)},
		},
		"slowdowns multiply": {
			[]simulate.Fault{{At: s, For: 3 * s, Slow: 2}, {At: 2 * s, For: 4 * s, Slow: 3}},
			[]engine.PlannedFault{
				fault(s, engine.Fault{Slow: 2}, 0), fault(2*s, engine.Fault{Slow: 6}, 0), fault(4*s, engine.Fault{Slow: 3}, 2*s),
			},
		},
		"to the contrary": {
			[]simulate.Fault{{At: s, Slow: 2}, {At: 2 * s, Slow: 0.5}},
			[]engine.PlannedFault{fault(s, engine.Fault{Slow: 2}, s)},
		},
		"kinds are apart": {
			[]simulate.Fault{{At: s, For: 2 * s, Errors: 0.2}, {At: 2 * s, For: 2 * s, Delay: s}, {At: 2 * s, For: s, Errors: 0.1}},
			[]engine.PlannedFault{fault(s, engine.Fault{ErrorRate: 0.2}, 2*s), fault(2*s, engine.Fault{Delay: s}, 2*s)},
		},
		"one after the other": {
			[]simulate.Fault{{At: s, For: s, Stall: true}, {At: 2 * s, For: s, Stall: true}},
			[]engine.PlannedFault{fault(s, engine.Fault{Stall: true}, 2*s)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sc := simulate.Scenario{Servers: []simulate.Server{{ID: "a"}, {ID: "b"}}, Faults: tt.faults}
			for i := range sc.Faults {
				sc.Faults[i].Server = "a"
			}
			require.Equal(t, tt.want, plannedFaults(sc))
		})
	}
}

func TestEveryBuiltInScenarioCanBePlanned(t *testing.T) {
	for _, sc := range simulate.Scenarios() {
		for _, f := range plannedFaults(sc) {
			require.NotEmpty(t, f.Fault.String(), sc.Name)
		}
		p := quick("round_robin")
		p.Scenario, p.Requests = sc, 0
		if err := p.Validate(); err != nil {
			require.ErrorContains(t, err, "virtual time only", sc.Name)
		}
		for _, f := range spans(sc, sc.Duration) {
			require.Less(t, f.StartS, f.EndS)
		}
	}
}
