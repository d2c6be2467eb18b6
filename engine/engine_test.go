package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/summary"
)

// quickConfig is the built-in configuration with free ports and servers twenty times as fast. The servers
// share our cores, so a health check may take as long as a busy machine needs: a test of a dead server
// has one that refuses.
func quickConfig() config.Config {
	cfg := config.Default()
	cfg.LoadBalancer.Front = frontOfNow
	for i := range cfg.Servers {
		cfg.Servers[i].Port = 0
		cfg.Servers[i].BaseDelayMS /= 20
	}
	cfg.LoadBalancer.Port = 0
	cfg.Traffic.RequestRate = 200
	cfg.Metrics.PollingIntervalSeconds = 0.05
	cfg.Health.Timeout = time.Minute
	return cfg
}

// start runs an engine until the test ends.
func start(t *testing.T, cfg config.Config, opts Options) *Engine {
	t.Helper()
	e, err := New(cfg, opts)
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	run(t, e)
	return e
}

// run runs an engine that listens until the test ends.
func run(t *testing.T, e *Engine) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
		require.ErrorIs(t, e.Do(context.Background(), live.ToggleRL{}), ErrStopped)
	})
	eventually(t, e, func(s *live.Snapshot) bool { return s != nil })
}

func eventually(t *testing.T, e *Engine, ok func(*live.Snapshot) bool) *live.Snapshot {
	t.Helper()
	require.Eventually(t, func() bool { return ok(e.Snapshot()) }, time.Minute, 10*time.Millisecond)
	return e.Snapshot()
}

func do(t *testing.T, e *Engine, cmd live.Command) {
	t.Helper()
	require.NoError(t, e.Do(t.Context(), cmd))
}

func TestTrafficFlowsAndTogglingBeginsAPhase(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	eventually(t, e, func(s *live.Snapshot) bool { return len(s.Phases) == 1 && s.Phases[0].Summary.Requests > 60 })
	do(t, e, live.SetPaused{Paused: true}) // what is in flight is no third yet
	rr := eventually(t, e, func(s *live.Snapshot) bool { return s.Load.Completed == s.Load.Sent }).Phases[0]
	require.Greater(t, rr.Summary.MeanMS, 1.0)
	require.Len(t, rr.ByServer, 3)
	for id, n := range rr.ByServer {
		require.InDelta(t, float64(rr.Summary.Requests)/3, float64(n), 1, "round robin gives %s a third", id)
	}
	do(t, e, live.ToggleRL{})
	s := e.Snapshot()
	require.Equal(t, "q_learning", s.Policy, "an acknowledged command is on the next snapshot")
	require.Len(t, s.Phases, 2)
	require.True(t, s.Phases[1].WarmStart, "the learner learned in shadow")
	require.Equal(t, "round_robin → q_learning", s.Events[len(s.Events)-1].Text)

	do(t, e, live.SetPaused{Paused: false})
	eventually(t, e, func(s *live.Snapshot) bool { return s.Phases[1].Summary.Requests > 60 })
	do(t, e, live.ToggleRL{})
	require.Equal(t, "round_robin", e.Snapshot().Policy)

	do(t, e, live.SetPolicy{Name: "q_factored"})
	do(t, e, live.ToggleRL{})
	require.Equal(t, "round_robin", e.Snapshot().Policy, "from whatever learner routes")
}

func TestLearnersLearnInShadow(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 2})
	s := eventually(t, e, func(s *live.Snapshot) bool {
		watching := 0
		for _, l := range s.Learners {
			if l.Idle { // too dear to watch by itself
				continue
			}
			if watching++; l.Stats.Updates < 50 {
				return false
			}
		}
		return watching >= 2
	})
	for _, l := range s.Learners {
		require.False(t, l.Routing)
		require.Equal(t, l.Idle, len(l.Table.Rows) == 0, l.Name)
		require.NotEmpty(t, l.Params, l.Name)
	}
}

func TestParametersAndLearnersChangeLive(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 3})
	do(t, e, live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 0.25})
	require.InDelta(t, 0.25, param(t, e, "q_learning", "epsilon"), 1e-9)
	require.Error(t, e.Do(t.Context(), live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 7}))
	require.Error(t, e.Do(t.Context(), live.SetParam{Learner: "q_learning", Param: "beta", Value: 0.5}))
	require.Error(t, e.Do(t.Context(), live.SetParam{Learner: "round_robin", Param: "epsilon", Value: 0.5}))

	do(t, e, live.SetLearner{Name: "q_factored"})
	require.Equal(t, "q_factored", e.Snapshot().RL)
	require.Equal(t, "round_robin", e.Snapshot().Policy, "choosing a learner does not let it route")
	do(t, e, live.ToggleRL{})
	require.Equal(t, "q_factored", e.Snapshot().Policy)
	do(t, e, live.SetLearner{Name: "q_learning"})
	require.Equal(t, "q_learning", e.Snapshot().Policy, "the new learner takes over from the old")
	require.Error(t, e.Do(t.Context(), live.SetLearner{Name: "least_request"}))
	do(t, e, live.ResetLearner{Name: "q_learning"})
	require.Error(t, e.Do(t.Context(), live.ResetLearner{Name: "nobody"}))
}

func param(t *testing.T, e *Engine, learner, name string) float64 {
	t.Helper()
	for _, l := range e.Snapshot().Learners {
		for _, p := range l.Params {
			if l.Name == learner && p.Name == name {
				return p.Value
			}
		}
	}
	t.Fatalf("%s has no parameter %s", learner, name)
	return 0
}

func TestFaultsShowAndClear(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 4})
	do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 5}, For: time.Hour})
	s := e.Snapshot()
	require.InDelta(t, 5, s.Servers[0].Fault.Slow, 1e-9)
	require.Positive(t, s.Servers[0].FaultLeft)
	do(t, e, live.ClearFaults{Server: "server1"})
	require.Equal(t, fault.Fault{}, e.Snapshot().Servers[0].Fault)

	do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Crash: true}})
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].State == "DOWN" })
	do(t, e, live.ClearFaults{})
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].State == "ok" })

	for name, cmd := range map[string]live.Command{
		"unknown server":  live.SetFault{Server: "nobody", Fault: fault.Fault{Slow: 5}},
		"no fault":        live.SetFault{Server: "server1"},
		"errors above 1":  live.SetFault{Server: "server1", Fault: fault.Fault{ErrorRate: 1.5}},
		"negative factor": live.SetFault{Server: "server1", Fault: fault.Fault{Slow: -1}},
		"negative time":   live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 2}, For: -1},
		"negative delay":  live.SetFault{Server: "server1", Fault: fault.Fault{Delay: -1}},
		"clear unknown":   live.ClearFaults{Server: "nobody"},
		"rate below 0":    live.SetRate{Rate: -1},
		"unknown policy":  live.SetPolicy{Name: "nobody"},
		"no export":       live.Export{},
	} {
		require.Error(t, e.Do(t.Context(), cmd), name)
	}
}

func TestLoadChangesLive(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 5})
	do(t, e, live.SetRate{Rate: 321})
	require.InDelta(t, 321, e.Snapshot().Load.Rate, 1e-9)
	do(t, e, live.SetPaused{Paused: true})
	require.True(t, e.Snapshot().Load.Paused)
	do(t, e, live.SetPaused{Paused: false})
	require.False(t, e.Snapshot().Load.Paused)
}

func TestPlanRunsPoliciesInTurnAndEnds(t *testing.T) {
	var exported summary.Run
	e, err := New(quickConfig(), Options{
		Seed: 6,
		Plan: []PlannedPhase{{"round_robin", 400 * time.Millisecond}, {"q_learning", 400 * time.Millisecond}, {"q_learning", 200 * time.Millisecond}},
	})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	require.NoError(t, e.Run(t.Context()))
	exported = e.Summary()
	require.Len(t, exported.Phases, 3, "each planned phase is one of its own, even with the same policy")
	require.Equal(t, "round_robin", exported.Phases[0].Policy)
	require.Positive(t, exported.Load.Completed)
	require.Equal(t, summary.AtClient, exported.MeasuredAt)
	require.Equal(t, exported.Load.Completed, exported.Phases[0].Summary.Requests+exported.Phases[1].Summary.Requests+exported.Phases[2].Summary.Requests,
		"every answered request belongs to one phase")
	require.Equal(t, e.Snapshot().Phases, exported.Phases, "the last frame and the file agree")
}

func TestServeOnlyMeasuresAtTheProxy(t *testing.T) {
	cfg := quickConfig()
	e := start(t, cfg, Options{Seed: 7, ServeOnly: true})
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range 30 {
		resp, err := client.Get("http://" + e.Addr() + "/")
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, resp.Body)
		require.NoError(t, resp.Body.Close())
	}
	s := eventually(t, e, func(s *live.Snapshot) bool { return s.Phases[0].Summary.Requests == 30 })
	require.False(t, s.Load.Enabled)
	require.Equal(t, map[string]uint64{"server1": 10, "server2": 10, "server3": 10}, s.Phases[0].ByServer)
	require.Error(t, e.Do(t.Context(), live.SetRate{Rate: 10}))
	require.Error(t, e.Do(t.Context(), live.SetPaused{Paused: true}))
	require.Equal(t, summary.AtProxy, e.Summary().MeasuredAt)
}

func TestTakenPorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	n, _ := strconv.Atoi(port)

	own := func(text string) config.Config {
		t.Helper()
		cfg, err := config.Load(builtInSource(t), config.Source{Name: "mine.yaml", Data: []byte(text)})
		require.NoError(t, err)
		return cfg
	}
	free := "servers:\n- {id: a, port: 0, base_delay_ms: 5}\n"
	for name, c := range map[string]struct{ text, want string }{
		"balancer": {free + "load_balancer: {port: " + port + "}\n", "mine.yaml:3: load_balancer.port"},
		"server":   {"servers:\n- {id: a, port: " + port + ", base_delay_ms: 5}\nload_balancer: {port: 0}\n", "mine.yaml:2: servers[0].port"},
	} {
		e, err := New(own(c.text), Options{})
		require.NoError(t, err)
		err = e.Listen()
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, port, name)
	}

	for _, key := range []string{"balancer", "server"} {
		cfg := quickConfig()
		if key == "balancer" {
			cfg.LoadBalancer.Port = n
		} else {
			cfg.Servers[1].Port = n
		}
		e, err := New(cfg, Options{})
		require.NoError(t, err)
		require.NoError(t, e.Listen(), "a built-in port that is taken is replaced")
		require.NotEqual(t, taken.Addr().String(), e.Addr())
		require.Len(t, e.journal.events.Latest(9), 1, "and that is shown")
		e.closeListeners()
	}
}

func TestUnknownPoliciesAreRefused(t *testing.T) {
	cfg := quickConfig()
	cfg.LoadBalancer.Policy = "nobody"
	_, err := New(cfg, Options{})
	require.ErrorContains(t, err, "nobody")
	_, err = New(quickConfig(), Options{Plan: []PlannedPhase{{"nobody", time.Second}}})
	require.ErrorContains(t, err, "nobody")
}

func TestAFailedPartEndsTheRun(t *testing.T) {
	e, err := New(quickConfig(), Options{})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	require.NoError(t, e.frontend.listener.Close())
	err = e.Run(t.Context())
	require.ErrorContains(t, err, "proxy: serve on")
	require.True(t, errors.Is(err, net.ErrClosed))
}

func TestSeedsDiffer(t *testing.T) {
	require.NotEqual(t, derive(1, "a"), derive(1, "b"))
	require.NotEqual(t, derive(1, "a"), derive(2, "a"))
	require.Equal(t, derive(1, "a"), derive(1, "a"))
}

func BenchmarkSample(b *testing.B) {
	e, err := New(quickConfig(), Options{})
	require.NoError(b, err)
	require.NoError(b, e.Listen())
	defer e.closeListeners()
	e.journal.begin()
	e.current.balancer().startPhase()
	b.ReportAllocs()
	for b.Loop() {
		e.sample()
	}
}

func builtInSource(t *testing.T) config.Source {
	t.Helper()
	data, err := os.ReadFile("../config.yaml")
	require.NoError(t, err)
	return config.Source{Name: "config.yaml (built-in)", Data: data}
}

func TestVersusComparesTheLastPhases(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 4})
	require.Nil(t, e.Snapshot().Versus, "only round robin has routed yet")
	do(t, e, live.ToggleRL{})
	do(t, e, live.ToggleRL{})
	do(t, e, live.SetPolicy{Name: "p2c"})
	d := e.Snapshot().Versus
	require.Equal(t, 3, d.From)
	require.Equal(t, 4, d.To)
	require.False(t, d.Known(), "too early to tell")
}
