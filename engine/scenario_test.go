package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
)

// texts are those of the events of a kind, oldest first.
func texts(s *live.Snapshot, kind metrics.EventKind) []string {
	var out []string
	for _, e := range s.Events {
		if e.Kind == kind {
			out = append(out, e.Text)
		}
	}
	return out
}

func TestScenarioIsPlayedAndStopped(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Delay: 3 * time.Millisecond}})
	do(t, e, live.PlayScenario{Name: "deadstart"})
	s := e.Snapshot()
	require.Equal(t, "deadstart", s.Scenario.Name)
	require.Equal(t, time.Minute, s.Scenario.Duration)
	require.InDelta(t, 0.4*e.capacity(), s.Load.Rate, 1e-6, "a fraction of what these servers can do")
	require.Equal(t, []live.ScenarioStep{{For: 40 * time.Second, Server: "server1", What: "errors 100%", State: "on"}}, s.Scenario.Steps)
	require.Equal(t, 1.0, s.Servers[0].Fault.ErrorRate)
	require.Zero(t, s.Servers[1].Fault, "it begins with healthy servers")
	require.Contains(t, texts(s, "scenario")[0], "deadstart begins, 1m0s: load .4, server1 fails")

	do(t, e, live.PlayScenario{Name: "steady60"})
	s = e.Snapshot()
	require.Equal(t, "steady60", s.Scenario.Name)
	require.Zero(t, s.Servers[0].Fault)
	require.InDelta(t, 0.6*e.capacity(), s.Load.Rate, 1e-6)
	require.Contains(t, texts(s, "scenario"), "deadstart stopped: steady60 takes over")

	do(t, e, live.StopScenario{})
	s = e.Snapshot()
	require.Nil(t, s.Scenario)
	require.Equal(t, 200.0, s.Load.Rate)
	require.Equal(t, 3*time.Millisecond, s.Servers[1].Fault.Delay, "what was there before")
	require.Equal(t, "steady60 stopped", texts(s, "scenario")[3])
	require.ErrorContains(t, e.Do(t.Context(), live.StopScenario{}), "no scenario is being played")
}

func TestRateChangedDuringAScenarioStays(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 2})
	do(t, e, live.PlayScenario{Name: "burst"})
	do(t, e, live.SetRate{Rate: 321})
	do(t, e, live.StopScenario{})
	require.Equal(t, 321.0, e.Snapshot().Load.Rate)
}

func TestScenarioTakesItsCourse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := timeless(t)
		do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Delay: time.Millisecond}, For: 10 * time.Second})
		do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{ErrorRate: 0.1}, For: 90 * time.Second})
		do(t, e, live.PlayScenario{Name: "swap"})
		require.Equal(t, []live.ScenarioStep{
			{At: 30 * time.Second, For: 30 * time.Second, Server: "server1", What: "slow x2", State: "due"},
			{At: 30 * time.Second, For: 30 * time.Second, Server: "server3", What: "slow x0.5", State: "due"},
		}, e.Snapshot().Scenario.Steps)
		s := e.after(29 * time.Second)
		require.Equal(t, 29*time.Second, s.Scenario.Elapsed)
		require.Zero(t, s.Servers[0].Fault)
		s = e.after(time.Second)
		require.Equal(t, live.StepOn, s.Scenario.Steps[0].State)
		require.Equal(t, 2.0, s.Servers[0].Fault.Slow)
		require.Equal(t, 0.5, s.Servers[2].Fault.Slow)
		s = e.after(30 * time.Second)
		require.Nil(t, s.Scenario)
		require.Equal(t, 200.0, s.Load.Rate)
		for i, want := range []fault.Span{{}, {Fault: fault.Fault{ErrorRate: 0.1}, For: 30 * time.Second}, {}} {
			require.Equal(t, want, fault.Span{Fault: s.Servers[i].Fault, For: s.Servers[i].FaultLeft}, "what is left of what was there before")
		}
		require.Equal(t, "swap is over", texts(s, "scenario")[1])
	})
}

func TestStepsOfAScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := timeless(t)
		do(t, e, live.PlayScenario{Name: "creep"})
		s := e.after(15 * time.Second)
		require.Len(t, s.Scenario.Steps, 17)
		require.Equal(t, live.ScenarioStep{At: 14 * time.Second, For: 2 * time.Second, Server: "server1", What: "slow x1.33", State: "on"}, s.Scenario.Steps[2])
		require.Equal(t, 18*time.Second, s.Scenario.Steps[16].For, "to the end")
		do(t, e, live.PlayScenario{Name: "slow5x"})
		s = e.after(20 * time.Second)
		require.Equal(t, "server1: slow x5 for 20s", s.Events[len(s.Events)-1].Text)
		s = e.after(20 * time.Second)
		require.Equal(t, live.StepOver, s.Scenario.Steps[0].State)
		require.Equal(t, "server1: slow x5 is over", s.Events[len(s.Events)-1].Text)
		require.Equal(t, metrics.EventFault, s.Events[len(s.Events)-1].Kind)
	})
}

func TestScenariosThatCannotBePlayedSayWhy(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 5})
	var playable []string
	for _, info := range e.Snapshot().Scenarios {
		if info.Refused == "" {
			playable = append(playable, info.Name)
		}
	}
	require.Equal(t, "seed steady60 steady80 slow5x burst blackhole deadstart pulses creep stall flaky20 crash coldjoin swap stale0 rolling",
		strings.Join(playable, " "))
	for name, want := range map[string]string{
		"unlike30":   "unlike30 has servers of its own (30 of them); run: slbtui experiment --scenario unlike30",
		"identical3": "identical3 has servers of its own (75, 75, 75 ms)",
		"stale1":     "stale1 needs what only virtual time has; run: slbtui simulate --scenario stale1",
		"streams":    "streams needs classes, which the console cannot play; run: slbtui experiment --scenario streams, or simulate",
		"refusals":   "refusals needs limit, which the console cannot play",
		"random:7":   "random:7 needs what only virtual time has",
		"nonsense":   `no scenario "nonsense"`,
	} {
		require.ErrorContains(t, e.Do(t.Context(), live.PlayScenario{Name: name}), want)
	}
	do(t, e, live.SetPaused{Paused: true})
	require.ErrorContains(t, e.Do(t.Context(), live.PlayScenario{Name: "slow5x"}), "the load is paused; resume it first")
	require.Nil(t, e.Snapshot().Scenario)
}

func TestScenarioOnOtherServers(t *testing.T) {
	cfg := quickConfig()
	cfg.Servers = cfg.Servers[1:]
	e := start(t, cfg, Options{Seed: 6})
	do(t, e, live.PlayScenario{Name: "blackhole"})
	require.Equal(t, "server2", e.Snapshot().Scenario.Steps[0].Server, "the first of ours stands for the first of its own")
	require.ErrorContains(t, e.Do(t.Context(), live.PlayScenario{Name: "swap"}), "swap needs 3 servers, and there are 2")

	e = start(t, quickConfig(), Options{Seed: 7, ServeOnly: true})
	require.ErrorContains(t, e.Do(t.Context(), live.PlayScenario{Name: "slow5x"}), "a scenario needs the built-in load")
}

// timeless is an engine inside a synctest bubble whose control goroutine runs, and nothing else:
// sockets know no fake time.
func timeless(t *testing.T) *Engine {
	cfg := quickConfig()
	cfg.Traffic.TargetURL = "http://target.test/"
	e, err := New(cfg, Options{Seed: 1})
	require.NoError(t, err)
	require.NoError(t, e.connect())
	e.journal.begin()
	e.current.balancer().startPhase()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.runControl(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return e
}

// after lets time pass, and samples.
func (e *Engine) after(d time.Duration) *live.Snapshot {
	time.Sleep(d)
	synctest.Wait()
	e.sample()
	return e.Snapshot()
}

func (e *Engine) capacity() float64 {
	sum := 0.0
	for _, s := range play.Simulated(e.current.balancer().cfg.Servers) {
		sum += float64(s.Workers) * 1000 / s.BaseDelayMS
	}
	return sum
}
