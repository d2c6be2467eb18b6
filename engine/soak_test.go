package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/loadgen"
	"slbtui/routing/policy"
)

// How long TestSoak lasts, and how much it sends. A longer one: go test ./engine -run TestSoak -timeout 0 -v -args -soak 10m
var (
	soakTime = flag.Duration("soak", 5*time.Second, "how long TestSoak lasts")
	soakRate = flag.Float64("soak-rate", 216, "requests/s of TestSoak, half of what its servers can do")
)

// soakWorkers is how many each of three servers of 20, 30 and 40 ms needs for twice a rate.
func soakWorkers(rate float64) int { return int(math.Ceil(rate / 54)) }

// TestSoak puts the balancer before three servers that suffer one fault after the other, while its
// policies change, an operator drains servers, and a new configuration takes one away and gives it back. Every request gets one answer, the one to itself; none
// that may not be repeated reaches servers twice; and nothing is left behind, in memory or open.
func TestSoak(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	first, err := net.Listen("tcp", "127.0.0.1:0") // the first socket ever opens descriptors of the runtime's
	require.NoError(t, err)
	require.NoError(t, first.Close())
	goroutines, files := goleak.IgnoreCurrent(), soakFiles()
	s := newSoak(int(soakTime.Seconds()**soakRate*1.5) + 1000)
	cfg := soakConfig()
	var servers []*soakServer
	for i, ms := range []time.Duration{20, 30, 40} {
		server := newSoakServer(t, ms*time.Millisecond, soakWorkers(*soakRate), s.arrived)
		servers = append(servers, server)
		cfg.Servers = append(cfg.Servers, config.Server{ID: fmt.Sprintf("server%d", i+1), URL: "http://" + server.addr, Weight: 1})
	}
	e, err := New(cfg, Options{Seed: 1, ServeOnly: true})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()

	load, err := loadgen.New(loadgen.Config{
		URL: "http://" + e.Addr() + "/", Rate: *soakRate, Duration: *soakTime, Seed: 1, Drain: 20 * time.Second, Timeout: 15 * time.Second,
		Transport: s, Prepare: s.prepare, OnResult: s.result,
	})
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- load.Run(ctx) }()
	s.torment(t, e, cfg, servers, rng, done)

	stats := load.Stats()
	cancel()
	require.NoError(t, <-ran)
	s.client.CloseIdleConnections()
	for _, server := range servers {
		server.close()
	}
	s.verify(t, stats)
	goleak.VerifyNone(t, goroutines)
	require.Eventually(t, func() bool { return soakFiles() <= files }, 10*time.Second, time.Millisecond, "descriptors are left behind")
}

// soakConfig ejects and forgives fast, so that a short run sees much of both.
func soakConfig() config.Config {
	cfg := config.Default()
	cfg.LoadBalancer.Front = frontOfNow
	cfg.Servers = nil
	cfg.LoadBalancer.Port, cfg.LoadBalancer.Policy = 0, "q_factored"
	cfg.LoadBalancer.RequestTimeout, cfg.LoadBalancer.TotalTimeout = 2*time.Second, 5*time.Second
	cfg.LoadBalancer.IdleTimeout = 2 * time.Second
	cfg.Metrics.PollingIntervalSeconds, cfg.Health.Timeout = 0.1, 500*time.Millisecond
	cfg.Outlier.BaseEjection, cfg.Outlier.MaxEjection = 300*time.Millisecond, time.Second
	cfg.SlowStart.Window = 500 * time.Millisecond
	cfg.Limits.PerServer, cfg.Limits.Queue, cfg.Limits.QueueTimeout = 16*soakWorkers(*soakRate), 1000, 2*time.Second
	return cfg
}

// soak keeps the books of requests and answers.
type soak struct {
	arrived  []atomic.Uint32 // at servers, by id
	answered []atomic.Uint32 // results, by id
	wrong    atomic.Int64    // answers that were another request's
	invented atomic.Int64    // answers to requests that no server saw
	doubled  atomic.Int64    // POSTs that reached servers more than once
	good     atomic.Int64
	failed   atomic.Int64
	client   *http.Transport
	heap     []uint64 // after a collection, at each tenth of the run
}

func newSoak(n int) *soak {
	return &soak{
		arrived: make([]atomic.Uint32, n), answered: make([]atomic.Uint32, n),
		client: &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true},
	}
}

func soakMethod(seq uint64) string {
	return []string{"GET", "GET", "POST", "GET", "PUT", "GET", "POST", "DELETE"}[seq%8]
}

// soakPadding makes some answers long ones.
func soakPadding(id string) string {
	if strings.HasSuffix(id, "7") {
		return strings.Repeat(id, 100_000/len(id))
	}
	return ""
}

func (s *soak) prepare(seq uint64, r *http.Request) {
	id := fmt.Sprint(seq)
	r.Method = soakMethod(seq)
	r.Header.Set("X-Id", id)
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		text := "body of " + id
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	}
}

// RoundTrip compares each answer to its request.
func (s *soak) RoundTrip(r *http.Request) (*http.Response, error) {
	id := r.Header.Get("X-Id")
	want := id + ":"
	if r.ContentLength > 0 {
		want += "body of " + id
	}
	res, err := s.client.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	want += soakPadding(id)
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	if has := res.Header.Get("X-Id"); has != "" && has != id || res.StatusCode == http.StatusOK && string(got) != want {
		s.wrong.Add(1)
	}
	res.Body = io.NopCloser(bytes.NewReader(got))
	return res, nil
}

func (s *soak) result(r loadgen.Result) {
	s.answered[r.Seq].Add(1)
	switch {
	case r.Failed():
		s.failed.Add(1)
	default:
		s.good.Add(1)
		if s.arrived[r.Seq].Load() == 0 {
			s.invented.Add(1)
		}
	}
}

// torment injects faults, changes policies, drains servers and reloads until the load has ended.
func (s *soak) torment(t *testing.T, e *Engine, cfg config.Config, servers []*soakServer, rng *rand.Rand, done <-chan error) {
	tenth := time.NewTicker(max(*soakTime/10, time.Millisecond))
	defer tenth.Stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	end, over := context.WithCancel(t.Context())
	defer over()
	for i, server := range servers {
		mine := rand.New(rand.NewPCG(3, uint64(i)))
		wg.Go(func() {
			for wait(end, between0and(mine, 3*time.Second)) {
				server.suffer(t, 1+mine.IntN(soakFaults-1), 50*time.Millisecond+between0and(mine, 500*time.Millisecond))
			}
		})
	}
	policies := policyInfos(policy.All())
	for {
		select {
		case err := <-done:
			require.NoError(t, err)
			return
		case <-tenth.C:
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			s.heap = append(s.heap, m.HeapAlloc)
			_, err := json.Marshal(e.Snapshot())
			require.NoError(t, err, "operators are shown a number that JSON has no word for")
			require.NoError(t, e.Do(t.Context(), live.SetPolicy{Name: policies[rng.IntN(len(policies))].Name}))
			id := fmt.Sprintf("server%d", 1+rng.IntN(len(servers)))
			require.NoError(t, e.Do(t.Context(), live.DrainServer{Server: id, Drain: true}))
			wait(t.Context(), 50*time.Millisecond)
			require.NoError(t, e.Do(t.Context(), live.DrainServer{Server: id, Drain: false}))
			less := cfg
			gone := rng.IntN(len(cfg.Servers))
			less.Servers = slices.Delete(slices.Clone(cfg.Servers), gone, gone+1)
			require.NoError(t, e.Reconfigure(t.Context(), less))
			wait(t.Context(), 50*time.Millisecond)
			require.NoError(t, e.Reconfigure(t.Context(), cfg))
		}
	}
}

func (s *soak) verify(t *testing.T, stats loadgen.Stats) {
	var results, repeated, twice uint64
	for id := range s.answered {
		n := uint64(s.answered[id].Load())
		results += n
		if n > 1 {
			twice++
		}
		if a := s.arrived[id].Load(); a > 1 {
			repeated++
			if soakMethod(uint64(id)) == http.MethodPost {
				s.doubled.Add(1)
			}
		}
	}
	t.Logf("%d requests: %d good, %d failed, %d seen by more than one server; heap at each tenth %d", stats.Sent, s.good.Load(), s.failed.Load(), repeated, s.heap)
	require.Equal(t, stats.Sent, results, "every request has a result")
	require.Zero(t, twice, "and only one")
	require.Zero(t, s.wrong.Load(), "answers that belong to another request")
	require.Zero(t, s.invented.Load(), "answers without a request")
	require.Zero(t, s.doubled.Load(), "POSTs that reached servers twice")
	require.Positive(t, s.good.Load(), "how many depends on the machine: a busy one is overloaded by this rate")
	if n := len(s.heap); n > 3 {
		const slack = 32 << 20 // tables and rings fill up at first
		require.Less(t, s.heap[n-1], s.heap[1]+slack, "memory grows")
	}
}

// soakFiles counts open descriptors, where the system tells.
func soakFiles() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(all)
}
