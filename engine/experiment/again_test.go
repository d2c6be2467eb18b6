package experiment

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// again is a recording of half a second, in which one server is slow and another out.
func again(t *testing.T) Again {
	t.Helper()
	sc := simulate.Scenario{Name: "short", Duration: 500 * time.Millisecond, Rate: 200}
	for _, id := range []string{"a", "b"} {
		sc.Servers = append(sc.Servers, simulate.Server{ID: id, BaseDelayMS: 1, Workers: 4, Sigma: 0.3, Discipline: simulate.Sharing})
	}
	slow := simulate.Fault{Server: "a", For: 100 * time.Millisecond}
	slow.Fault = fault.Fault{Slow: 2}
	sc.Faults = []simulate.Fault{slow, {Server: "b", At: 100 * time.Millisecond, For: 100 * time.Millisecond, Out: true}}
	trace, err := simulate.Trace(sc, 1)
	require.NoError(t, err)
	cfg := config.Default()
	cfg.LoadBalancer.Port = 0
	return Again{Name: "short.jsonl", World: sc, Trace: trace, Speed: 2, Config: cfg}
}

// What was recorded happens again and again: the same servers, requests and faults, and nobody turns the rate.
func TestARecordingIsWatchedAgainAndAgain(t *testing.T) {
	a := again(t)
	opts := engine.Options{Seed: 1}
	cfg, err := a.Set(&opts)
	require.NoError(t, err)
	require.Equal(t, 250*time.Millisecond, opts.Replay.Length)
	e, err := engine.New(cfg, opts)
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()
	var s *live.Snapshot
	require.Eventually(t, func() bool {
		s = e.Snapshot()
		return s != nil && s.Replay.Round > 3 && s.Load.Sent > uint64(2*len(a.Trace))
	}, 60*time.Second, 5*time.Millisecond)
	require.Equal(t, "short.jsonl", s.Replay.Name)
	require.Equal(t, []string{"a", "b"}, []string{s.Servers[0].ID, s.Servers[1].ID})
	require.True(t, s.Load.Recorded)
	require.InDelta(t, float64(len(a.Trace))/0.25, s.Load.Rate, 1)
	for _, cmd := range []live.Command{live.SetRate{Rate: 5}, live.SetPaused{Paused: true}, live.PlayScenario{Name: "slow5x"}} {
		require.ErrorContains(t, e.Do(t.Context(), cmd), "recording", "%T", cmd)
	}
	require.NoError(t, e.Do(t.Context(), live.SetPolicy{Name: "p2c"}))
	var told []string
	for _, ev := range e.Snapshot().Events {
		told = append(told, ev.Text)
	}
	require.Contains(t, told, "short.jsonl is over and begins again, round 2")
	require.Contains(t, told, "a: slow x2 for 50ms")
	cancel()
	require.NoError(t, <-ran)
}

func TestWhatCannotBeWatched(t *testing.T) {
	for want, change := range map[string]func(*Again){
		"speed 0":           func(a *Again) { a.Speed = 0 },
		"no request":        func(a *Again) { a.Trace = nil },
		"virtual time only": func(a *Again) { a.World.Balancers = 2 },
		"scenario short: ":  func(a *Again) { a.World.Rate = -1 },
	} {
		a := again(t)
		change(&a)
		_, err := a.Set(&engine.Options{})
		require.ErrorContains(t, err, want)
	}
}
