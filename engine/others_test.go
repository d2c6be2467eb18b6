package engine

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

func TestOtherBalancersAreHeard(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	cfg := config.Default()
	cfg.Servers = []config.Server{{ID: "a", URL: server.URL, Weight: 1}}
	e, err := New(cfg, Options{ServeOnly: true, Listen: "127.0.0.1:0"})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })

	require.NoError(t, e.Do(ctx, live.SetParam{Learner: "q_factored", Param: "epsilon", Value: 0.5}))
	require.NoError(t, e.Do(ctx, live.Others{Balancers: 4, InFlight: map[string]int{"a": 3, "unknown": 9}}))
	require.Equal(t, 4, e.current.balancer().cfg.LoadBalancer.Balancers)
	require.NoError(t, e.Reconfigure(ctx, cfg), "a file that says nothing new")
	require.Equal(t, 4, e.current.balancer().cfg.LoadBalancer.Balancers, "they were counted, whatever the file says")
	require.NoError(t, e.Do(ctx, live.Others{}), "nobody tells any more; their number stays")
	require.Equal(t, 4, e.current.balancer().cfg.LoadBalancer.Balancers)
	l, err := e.current.balancer().policies.Learner("q_factored")
	require.NoError(t, err)
	for _, p := range l.Params() {
		if p.Name == "epsilon" {
			require.Equal(t, 0.5, p.Value, "what an operator has set stays")
		}
	}

	require.NoError(t, e.Do(ctx, live.SetShadow{Learners: "none"}))
	require.Equal(t, "none", e.Snapshot().Shadow)
	require.Error(t, e.Do(ctx, live.SetShadow{Learners: "nonsense"}))
	require.NoError(t, e.Do(ctx, live.SetShadow{Learners: "none"}))
}
