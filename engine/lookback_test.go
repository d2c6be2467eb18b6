package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

func lookBack(t *testing.T, e *Engine) *live.WhatIf {
	t.Helper()
	return answered(t, e, live.AskLookBack{}, func(s *live.Snapshot) *live.WhatIf { return s.LookBack })
}

// Simulated servers are known: what they were and suffered is put into virtual time, and it says what really was.
func TestLookingBack(t *testing.T) {
	cfg := lightConfig()
	cfg.Traffic.RequestRate = 100
	for i := range cfg.Servers {
		cfg.Servers[i].BaseDelayMS = float64(5 * (1 + i))
	}
	e := start(t, cfg, Options{Seed: 5})
	require.ErrorContains(t, e.Do(t.Context(), live.AskLookBack{}), "looking back")
	require.Equal(t, live.WhatIfFailed, e.Snapshot().LookBack.State)
	do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 20}})
	eventually(t, e, func(s *live.Snapshot) bool { return s.Load.Completed > 400 })
	do(t, e, live.DrainServer{Server: "server3", Drain: true})
	done := e.Snapshot().Load.Completed
	eventually(t, e, func(s *live.Snapshot) bool { return s.Load.Completed > done+100 })
	w := lookBack(t, e)
	require.Equal(t, "round_robin", w.Policy)
	require.Equal(t, []string{"round_robin"}, w.Past.Routed)
	require.Greater(t, w.Past.Requests, 300)
	require.Empty(t, w.Past.Grade, "nothing had to be found out")
	require.Contains(t, w.Faults, "server1 slow x20")
	require.Contains(t, w.Faults, "server3 drained")
	require.Len(t, w.Rows, len(e.Snapshot().Policies)+1, "and the reference")
	rr := rowOf(t, w, "round_robin")
	require.Equal(t, "round_robin", w.Rows[0].Policy, "who routes comes first")
	require.Positive(t, w.Past.Was.MeanMS) // how near rr comes is engine/lookback's to say: here a busy machine has its share
	least := rowOf(t, w, "least_request")
	require.Less(t, least.MeanMS, rr.MeanMS)
	require.Less(t, least.Versus.Mean[1], 0.0, "and that it is no chance")
	require.InDelta(t, w.Horizon.Seconds(), (w.At - w.Past.From).Seconds(), 2)
	require.Nil(t, e.Snapshot().WhatIf, "the other question was not asked")
}

func TestDrainsAreRemembered(t *testing.T) {
	var d drains
	d.note(live.DrainServer{Server: "a"}, 1)
	require.Empty(t, d.spans, "it was none")
	d.note(live.DrainServer{Server: "a", Drain: true}, time.Second)
	d.note(live.DrainServer{Server: "a", Drain: true}, 2*time.Second)
	require.Equal(t, []drained{{"a", time.Second, 0}}, d.spans)
	d.note(live.DrainServer{Server: "a"}, 3*time.Second)
	require.Equal(t, 3*time.Second, d.spans[0].end(time.Hour))
	d.note(live.DrainServer{Server: "b", Drain: true}, time.Hour)
	require.Equal(t, []drained{{"b", time.Hour, 0}}, d.spans, "what is long over is forgotten")
	require.Equal(t, 2*time.Hour, d.spans[0].end(2*time.Hour))
}
