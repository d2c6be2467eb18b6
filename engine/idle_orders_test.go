package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

func TestOrdersThatChangeNothingLeaveNoEvent(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	stall := live.SetFault{Server: "server2", Fault: fault.Fault{Stall: true}}
	do(t, e, live.SetPaused{Paused: true})
	do(t, e, stall)
	epsilon := e.Snapshot().Learners[0].Params[0]
	said := func() (texts []string) {
		for _, ev := range e.Snapshot().Events {
			if ev.Kind != "health" {
				texts = append(texts, ev.Text)
			}
		}
		return texts
	}
	before := said()
	for _, cmd := range []live.Command{
		live.SetRate{Rate: 200}, live.SetPaused{Paused: true}, stall, live.ClearFaults{Server: "server1"},
		live.SetPolicy{Name: "round_robin"}, live.SetLearner{Name: "q_learning"}, live.DrainServer{Server: "server1"},
		live.SetParam{Learner: e.Snapshot().Learners[0].Name, Param: epsilon.Name, Value: epsilon.Value},
	} {
		do(t, e, cmd)
		require.Equal(t, before, said(), "%#v", cmd)
	}
	do(t, e, live.ClearFaults{})
	before = said()
	do(t, e, live.ClearFaults{})
	require.Equal(t, before, said())
}
