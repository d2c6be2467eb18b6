package cluster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/admin"
	"slbtui/engine/cluster"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/remote"
)

const patience = time.Minute

// balancers are whole ones, with admin listeners, in this process.
type balancers struct {
	admins  []string
	engines []*engine.Engine
}

func startBalancers(t *testing.T, n int) *balancers {
	t.Helper()
	var servers []config.Server
	for i := range 2 {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
		t.Cleanup(server.Close)
		servers = append(servers, config.Server{ID: fmt.Sprintf("server%d", i+1), URL: server.URL, Weight: 1})
	}
	var peers []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		peers = append(peers, l.Addr().String())
	}
	b := &balancers{}
	for i := range n {
		cfg := config.Default()
		cfg.Servers = servers
		cfg.LoadBalancer.Port, cfg.Admin.Listen = 0, "127.0.0.1:0"
		cfg.Cluster = config.Cluster{Name: fmt.Sprintf("r%d", i), Fleet: "web", Listen: peers[i], Peers: peers, Store: t.TempDir()}
		e, err := engine.New(cfg, engine.Options{ServeOnly: true, Listen: "127.0.0.1:0", Version: "test"})
		require.NoError(t, err)
		require.NoError(t, e.Listen())
		c, err := cluster.Open(cfg.Cluster, e)
		require.NoError(t, err)
		e.Attach("cluster", c)
		a, err := admin.Listen(cfg.Admin, c)
		require.NoError(t, err)
		a.Join(c)
		e.Attach("admin", a)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		t.Cleanup(func() {
			cancel()
			require.NoError(t, <-done)
		})
		b.admins, b.engines = append(b.admins, a.URL()), append(b.engines, e)
	}
	return b
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func until(t *testing.T, what string, there func() bool) {
	t.Helper()
	require.Eventually(t, there, patience, 50*time.Millisecond, what)
}

func (b *balancers) connected(t *testing.T) {
	t.Helper()
	for _, url := range b.admins {
		until(t, "the fleet is whole", func() bool {
			res, err := http.Get(url + "/snapshot")
			if err != nil {
				return false
			}
			defer func() { _ = res.Body.Close() }()
			var s live.Snapshot
			return json.NewDecoder(res.Body).Decode(&s) == nil && s.Fleet != nil && s.Fleet.Connected && len(s.Fleet.Replicas) == len(b.admins)
		})
	}
}

func TestAFleetThroughOneAdminListener(t *testing.T) {
	b := startBalancers(t, 3)
	b.connected(t)
	until(t, "an order is written", func() bool {
		status, _ := post(t, b.admins[0]+"/policy", `{"name": "p2c"}`)
		return status == http.StatusOK
	})
	for _, e := range b.engines {
		until(t, "it holds everywhere", func() bool { return e.Snapshot().Policy == "p2c" })
	}
	status, answer := post(t, b.admins[0]+"/replicas/r2/command", `{"do": "shadow", "learners": "none"}`)
	require.Equal(t, http.StatusOK, status, answer)
	until(t, "what is ordered at another holds here, too", func() bool { return b.engines[0].Snapshot().Shadow == "none" })
	status, answer = post(t, b.admins[0]+"/replicas/nobody/policy", `{"name": "p2c"}`)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, answer, "replica nobody: it does not answer")
	until(t, "metrics say how the fleet is", func() bool {
		res, err := http.Get(b.admins[1] + "/metrics")
		require.NoError(t, err)
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return strings.Contains(string(text), "slbtui_cluster_connected 1") && strings.Contains(string(text), `slbtui_cluster_replicas{state="serving"} 3`)
	})

	console, err := remote.Open([]string{b.admins[0]}, remote.Options{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	require.NoError(t, console.Meet(ctx))
	ended := make(chan struct{})
	go func() { defer close(ended); console.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	shows := func(name string) func() bool {
		return func() bool { s := console.Snapshot(); return s != nil && s.Fleet != nil && s.Fleet.Self == name }
	}
	until(t, "the first is shown", shows("r0"))
	require.NoError(t, console.Do(ctx, live.Watch{Balancer: "r1"}))
	until(t, "another is shown through it", shows("r1"))
	require.NoError(t, console.Do(ctx, live.DrainServer{Server: "server2", Drain: true}))
	for _, e := range b.engines {
		until(t, "what is ordered there holds everywhere", func() bool { return e.Snapshot().Servers[1].State == live.ServerDraining })
	}
	require.NoError(t, console.Do(ctx, live.Watch{Balancer: "r0"}))
	until(t, "and back", shows("r0"))
	require.Error(t, console.Do(ctx, live.Watch{Balancer: "nobody"}))
}
