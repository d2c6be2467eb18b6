package engine

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/qlearn/factored"
)

func TestWhatKeepsServersBusyElsewhere(t *testing.T) {
	cfg := config.Default()
	cfg.Servers = []config.Server{{ID: "a"}, {ID: "b"}}
	others := live.Others{InFlight: map[string]int{"a": 9, "unknown": 3}, Streaming: map[string]int{"a": 7}}
	require.Equal(t, []int{2, 0}, busyElsewhere(cfg, others))
	cfg.QFactored.Streams = factored.Busy
	require.Equal(t, []int{9, 0}, busyElsewhere(cfg, others))
}

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

	var table bytes.Buffer
	require.ErrorContains(t, e.Do(ctx, live.SaveTable{Learner: "q_factored", To: &table}), "has learned nothing yet")
	for range 5 {
		res, err := http.Get("http://" + e.Addr() + "/")
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	require.Eventually(t, func() bool { return e.Do(ctx, live.SaveTable{Learner: "q_factored", To: &table}) == nil }, time.Minute, 10*time.Millisecond)
	require.Contains(t, table.String(), `"balancers": 4`)
	require.ErrorContains(t, e.Do(ctx, live.LoadTable{Learner: "q_factored", From: table.Bytes()}), "has learned something already")
	require.NoError(t, e.Do(ctx, live.ResetLearner{Name: "q_factored"}))
	require.NoError(t, e.Do(ctx, live.LoadTable{Learner: "q_factored", From: table.Bytes()}))
	require.NoError(t, e.Do(ctx, live.ResetLearner{Name: "q_factored"}))
	require.Error(t, e.Do(ctx, live.LoadTable{Learner: "q_factored", From: []byte("{")}))
	require.Error(t, e.Do(ctx, live.SaveTable{Learner: "p2c", To: &table}))

	require.NoError(t, e.Do(ctx, live.SetShadow{Learners: "none"}))
	require.Equal(t, "none", e.Snapshot().Shadow)
	require.Error(t, e.Do(ctx, live.SetShadow{Learners: "nonsense"}))
	require.NoError(t, e.Do(ctx, live.SetShadow{Learners: "none"}))
}
