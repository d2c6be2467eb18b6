package engine

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

func eventsOf(s *live.Snapshot, server string) (texts []string) {
	for _, ev := range s.Events {
		if ev.Server == server && ev.Kind == "health" {
			texts = append(texts, ev.Text)
		}
	}
	return texts
}

// A server that fails at once, though its health check is fine, goes out and comes back.
func TestAFailingServerIsEjected(t *testing.T) {
	cfg := quickConfig()
	cfg.Outlier.BaseEjection, cfg.Outlier.MaxEjection = 200*time.Millisecond, 200*time.Millisecond
	e := start(t, cfg, Options{Seed: 8})
	do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{ErrorRate: 1}})
	s := eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].State == "EJECTED" })
	require.Contains(t, strings.Join(eventsOf(s, "server2"), "\n"), "server2 is EJECTED: 5 failures in a row; out for 200ms")
	do(t, e, live.ClearFaults{})
	s = eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].State != "EJECTED" })
	require.Contains(t, strings.Join(eventsOf(s, "server2"), "\n"), "server2 is up: ejection is over")
}

func TestDrainingAServer(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 9})
	do(t, e, live.DrainServer{Server: "server1", Drain: true})
	require.Equal(t, live.ServerDraining, e.Snapshot().Servers[0].State, "an acknowledged command is on the next snapshot")
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[0].InFlight == 0 })
	before := e.current.balancer().pool.Status()
	eventually(t, e, func(*live.Snapshot) bool {
		return e.current.balancer().pool.Status()[1].Requests > before[1].Requests+20
	})
	require.Equal(t, before[0].Requests, e.current.balancer().pool.Status()[0].Requests, "nothing new comes")
	do(t, e, live.DrainServer{Server: "server1"})
	eventually(t, e, func(*live.Snapshot) bool { return e.current.balancer().pool.Status()[0].Requests > before[0].Requests })
	require.Equal(t, []string{"server1 is DRAINING: no new requests, by order", "server1 is up: takes requests again, by order"}, eventsOf(e.Snapshot(), "server1"))
	require.Error(t, e.Do(t.Context(), live.DrainServer{Server: "nobody", Drain: true}))
}

// While it says that it drains, the balancer still serves.
func TestTheBalancerSaysThatItDrains(t *testing.T) {
	cfg := quickConfig()
	cfg.LoadBalancer.DrainDelay = time.Hour
	e, err := New(cfg, Options{ServeOnly: true})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(path string) (int, string) {
		res, err := client.Get("http://" + e.Addr() + path)
		if err != nil {
			return 0, err.Error()
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	status, _ := get("/health")
	require.Equal(t, 200, status)
	cancel()
	require.Eventually(t, func() bool { status, _ := get("/health"); return status == 503 }, time.Minute, time.Millisecond)
	e.Hurry()
	require.NoError(t, <-done)
	status, _ = get("/health")
	require.Zero(t, status, "closed")
}
