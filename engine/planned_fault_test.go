package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/play"
	"slbtui/loadgen"
)

func TestPlannedFaultsAreChecked(t *testing.T) {
	for want, f := range map[string]play.Fault{
		`planned fault 1: unknown server "nobody"`: {SetFault: live.SetFault{Server: "nobody", Fault: fault.Fault{Crash: true}}},
		"planned fault 1: server1: no fault given": {SetFault: live.SetFault{Server: "server1"}},
		"server1: slowdown -1: must be 0-1000":     {SetFault: live.SetFault{Server: "server1", Fault: fault.Fault{Slow: -1}}},
	} {
		_, err := New(quickConfig(), Options{Faults: []play.Fault{f}})
		require.ErrorContains(t, err, want)
	}
}

func TestPlannedFaultsAndLoad(t *testing.T) {
	e := start(t, quickConfig(), Options{
		Alone: true,
		Load:  func(c *loadgen.Config) { c.Rate = 300 },
		Faults: []play.Fault{
			{At: 50 * time.Millisecond, SetFault: live.SetFault{Server: "server2", Fault: fault.Fault{Slow: 3}}},
			{SetFault: live.SetFault{Server: "server1", Fault: fault.Fault{ErrorRate: 1}}},
		},
	})
	s := eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].Fault.Slow == 3 })
	require.Equal(t, 1.0, s.Servers[0].Fault.ErrorRate)
	require.Equal(t, 300.0, s.Load.Rate)
}
