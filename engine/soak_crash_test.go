package engine

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/loadgen"
	"slbtui/routing"
)

// One of two servers crashes under a steady 200 requests/s and comes back on the same port, three times. Requests
// do not wait for each other here, so many are under way at every moment of the crash. Those that
// may be repeated are all answered well; a POST may fail, with an answer that says so, and is never
// sent again; the server gets work again; and nothing is left behind.
func TestCrashAndReturnUnderSteadyTraffic(t *testing.T) {
	first, err := net.Listen("tcp", "127.0.0.1:0") // the first socket ever opens descriptors of the runtime's
	require.NoError(t, err)
	require.NoError(t, first.Close())
	goroutines, files := goleak.IgnoreCurrent(), soakFiles()
	s := newSoak(20_000)
	cfg := soakConfig()
	cfg.LoadBalancer.RequestTimeout, cfg.LoadBalancer.TotalTimeout = 10*time.Second, 0
	cfg.LoadBalancer.Policy = "p2c"
	cfg.Health.Timeout = 10 * time.Second // a busy machine is no crash
	cfg.Limits = routing.LimitsConfig{}
	cfg.Retry.BudgetShare, cfg.Retry.BudgetPerSecond = 1, 1000 // the budget may refuse a retry that would have saved a request
	stays := newSoakServer(t, 10*time.Millisecond, 4, s.arrived)
	falls := newSoakServer(t, 10*time.Millisecond, 4, s.arrived)
	cfg.Servers = []config.Server{{ID: "stays", URL: "http://" + stays.addr, Weight: 1}, {ID: "falls", URL: "http://" + falls.addr, Weight: 1}}
	e, err := New(cfg, Options{Seed: 1, ServeOnly: true})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()

	var mu sync.Mutex
	var lost, silent []loadgen.Result
	load, err := loadgen.New(loadgen.Config{
		URL: "http://" + e.Addr() + "/", Rate: 200, Seed: 1, Drain: 20 * time.Second, Timeout: 15 * time.Second,
		Transport: s, Prepare: s.prepare, OnResult: func(r loadgen.Result) {
			s.result(r)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case !r.Failed():
			case soakMethod(r.Seq) != http.MethodPost:
				lost = append(lost, r)
			case r.Status == 0:
				silent = append(silent, r)
			}
		},
	})
	require.NoError(t, err)
	loaded := make(chan error, 1)
	traffic, end := context.WithCancel(ctx)
	go func() { loaded <- load.Run(traffic) }()

	served := func() uint64 { return e.Snapshot().Servers[1].Requests }
	eventually(t, e, func(s *live.Snapshot) bool { return s != nil && s.Servers[1].Requests > 50 })
	for range 3 {
		falls.suffer(t, soakCrash, 300*time.Millisecond)
		eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].State == "ok" })
		before := served()
		require.Eventually(t, func() bool { return served() > before+50 }, 20*time.Second, 10*time.Millisecond, "it gets its share again")
	}

	end()
	require.NoError(t, <-loaded)
	s.client.CloseIdleConnections()
	cancel()
	require.NoError(t, <-ran)
	stays.close()
	falls.close()
	s.verify(t, load.Stats())
	require.Empty(t, lost, "requests that a retry could have saved")
	require.Empty(t, silent, "a POST that broke is answered, too")
	goleak.VerifyNone(t, goroutines)
	require.Eventually(t, func() bool { return soakFiles() <= files }, 10*time.Second, time.Millisecond, "descriptors are left behind")
}
