package engine

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/live"
)

// lightConfig has so little traffic that a what-if of it is quick under the race detector, too.
func lightConfig() config.Config {
	cfg := config.Default()
	for i := range cfg.Servers {
		cfg.Servers[i].Port = 0
	}
	cfg.LoadBalancer.Port = 0
	cfg.Traffic.RequestRate = 5
	return cfg
}

func whatIf(t *testing.T, e *Engine) *live.WhatIf {
	t.Helper()
	return answered(t, e, live.AskWhatIf{}, func(s *live.Snapshot) *live.WhatIf { return s.WhatIf })
}

// answered asks until there is an answer: on a machine that is too busy the engine gives up.
func answered(t *testing.T, e *Engine, question live.Command, of func(*live.Snapshot) *live.WhatIf) *live.WhatIf {
	t.Helper()
	for range 10 {
		do(t, e, question)
		w := of(e.Snapshot())
		require.NotNil(t, w, "an acknowledged command is on the next snapshot")
		require.NotEqual(t, live.WhatIfFailed, w.State)
		w = of(eventually(t, e, func(s *live.Snapshot) bool { return of(s).State != live.WhatIfRunning }))
		if w.State == live.WhatIfDone {
			return w
		}
		require.Contains(t, w.Problem, "too busy")
	}
	require.Fail(t, "given up ten times")
	return nil
}

func rowOf(t *testing.T, w *live.WhatIf, policy string) live.WhatIfRow {
	t.Helper()
	for _, r := range w.Rows {
		if r.Policy == policy {
			return r
		}
	}
	require.Fail(t, "no row", policy)
	return live.WhatIfRow{}
}

func TestWhatIf(t *testing.T) {
	e := start(t, lightConfig(), Options{Seed: 5})
	do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 20}, For: time.Hour})
	do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Delay: time.Millisecond}})
	w := whatIf(t, e)
	require.Equal(t, "round_robin", w.Policy)
	require.InDelta(t, 5, w.Rate, 1e-9)
	require.Equal(t, []string{"server1 slow x20, 1h0m0s left", "server1 delay 1ms"}, w.Faults)
	require.Empty(t, w.Assumed, "all of it is known")
	require.Len(t, w.Rows, w.Total)
	require.Len(t, w.Rows, len(e.Snapshot().Policies)+1, "and the reference")
	require.Equal(t, live.WhatIfExtent{Warmup: 10 * time.Second, Horizon: time.Minute, Runs: 5}, w.WhatIfExtent)
	rr := rowOf(t, w, "round_robin")
	require.Less(t, rowOf(t, w, "least_request").MeanMS, rr.MeanMS)
	require.Less(t, rowOf(t, w, "q_factored").MeanMS, rr.MeanMS/2)
	require.InDelta(t, (20*50+1+75+100)/3, rr.MeanMS, 60)

	do(t, e, live.DrainServer{Server: "server1", Drain: true})
	w = whatIf(t, e)
	require.Contains(t, w.Faults, "server1 drained")
	require.InDelta(t, 87.5, rowOf(t, w, "round_robin").MeanMS, 3, "the two others share the traffic")
	require.Equal(t, rowOf(t, w, "p2c"), rowOf(t, whatIf(t, e), "p2c"), "the same situation again")
}

func TestWhatIfOneAtATime(t *testing.T) {
	e := start(t, lightConfig(), Options{Seed: 6})
	e.desk.latest.Store(&live.WhatIf{State: "running"})
	require.ErrorContains(t, e.Do(t.Context(), live.AskWhatIf{}), "is running")
	e.desk.latest.Store(nil)
	do(t, e, live.SetPaused{Paused: true})
	require.Equal(t, []string{"the load, which rests now, goes on"}, whatIf(t, e).Assumed)
	do(t, e, live.AskWhatIf{}) // the engine ends with it under way
}

func TestWhatIfOfServersThatAreNotOurs(t *testing.T) {
	cfg := lightConfig()
	cfg.Traffic.RequestRate = 100
	for i := range cfg.Servers {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if i == 2 && r.URL.Path != "/health" {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}))
		t.Cleanup(s.Close)
		cfg.Servers[i] = config.Server{ID: cfg.Servers[i].ID, URL: s.URL, Weight: 1}
	}
	cfg.Outlier.Consecutive, cfg.Outlier.FailureShare = 0, 0
	e := start(t, cfg, Options{Seed: 7})
	require.ErrorContains(t, e.Do(t.Context(), live.AskWhatIf{}), "has not answered", "nothing was measured yet")
	require.Equal(t, live.WhatIfFailed, e.Snapshot().WhatIf.State)
	eventually(t, e, func(s *live.Snapshot) bool {
		return tableOf(s, "q_factored").Stats.Updates > 60
	})
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[2].Window.Failures > 0 })
	do(t, e, live.SetRate{Rate: 5})
	w := whatIf(t, e)
	require.Contains(t, w.Faults, "server3 errors 100%")
	require.InDelta(t, 1.0/3, rowOf(t, w, "round_robin").ErrorRate, 0.02)
	do(t, e, live.DrainServer{Server: "server3", Drain: true})
	w = whatIf(t, e)
	text := strings.Join(w.Assumed, "\n")
	require.Contains(t, text, "as q_factored has measured them")
	require.Contains(t, text, "server1: ")
	require.Zero(t, rowOf(t, w, "round_robin").ErrorRate)
}

func TestWhatIfWithoutTraffic(t *testing.T) {
	e := start(t, lightConfig(), Options{Seed: 8, ServeOnly: true})
	require.ErrorContains(t, e.Do(t.Context(), live.AskWhatIf{}), "nothing to predict from")
	w := e.Snapshot().WhatIf
	require.Equal(t, live.WhatIfFailed, w.State)
	require.Contains(t, w.Problem, "nothing to predict from")
}
