package engine

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

const longEnough = time.Minute // for what happens within seconds, on a machine that has other things to do

// pod is a server that comes and goes.
type pod struct {
	address string
	server  *http.Server
	ended   chan error
	stopped sync.Once
	hold    atomic.Pointer[chan struct{}] // requests wait for it
}

// startPod serves at an address until the test ends, at the latest; its answers say which.
func startPod(t *testing.T, address string) (*pod, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	p := &pod{address: l.Addr().String(), ended: make(chan error, 1)}
	p.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hold := p.hold.Load(); hold != nil && r.URL.Path == "/held" {
			<-*hold
		}
		time.Sleep(5 * time.Millisecond) // its work
		_, _ = io.WriteString(w, p.address)
	})}
	go func() { p.ended <- p.server.Serve(l) }()
	t.Cleanup(func() { p.stop(t) })
	return p, nil
}

// stop ends as a pod does: what is in flight finishes.
func (p *pod) stop(t *testing.T) {
	t.Helper()
	p.stopped.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), longEnough)
		defer cancel()
		require.NoError(t, p.server.Shutdown(ctx))
		require.ErrorIs(t, <-p.ended, http.ErrServerClosed)
	})
}

// pods start at one port of 127.0.0.1 and the addresses after it.
func pods(t *testing.T, n int) []*pod {
	t.Helper()
	for range 50 {
		first, err := startPod(t, "127.0.0.1:0")
		require.NoError(t, err)
		_, port, err := net.SplitHostPort(first.address)
		require.NoError(t, err)
		all := []*pod{first}
		for i := 2; i <= n && err == nil; i++ {
			var p *pod
			if p, err = startPod(t, fmt.Sprintf("127.0.0.%d:%s", i, port)); err == nil {
				all = append(all, p)
			}
		}
		if err == nil {
			return all
		}
		for _, p := range all {
			p.stop(t)
		}
	}
	require.FailNow(t, "no port is free on all addresses")
	return nil
}

// finding runs a proxy whose servers are found.
func finding(t *testing.T, d config.Discovery, change func(*config.Config)) *Engine {
	t.Helper()
	cfg := config.Default()
	cfg.Servers, cfg.Discovery = nil, d
	if cfg.Discovery.DNS.Type == "" {
		cfg.Discovery.DNS.Type = "A"
	}
	cfg.LoadBalancer.Port = 0
	cfg.SlowStart.Window = 500 * time.Millisecond
	if change != nil {
		change(&cfg)
	}
	e, err := New(cfg, Options{ServeOnly: true, Seed: 1})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(context.Background()) // the test's own ends before its clients do
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return e
}

// becomes waits until a snapshot is as it should be.
func becomes(t *testing.T, e *Engine, what string, ok func(*live.Snapshot) bool) {
	t.Helper()
	require.Eventually(t, func() bool { s := e.Snapshot(); return s != nil && ok(s) }, longEnough, 5*time.Millisecond, what)
}

// taking are the ids of the servers that take requests, in order.
func taking(s *live.Snapshot) (ids []string) {
	for _, server := range s.Servers {
		if server.State != live.ServerDraining {
			ids = append(ids, server.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func addressesOfPods(all []*pod) (ids []string) {
	for _, p := range all {
		ids = append(ids, p.address)
	}
	slices.Sort(ids)
	return ids
}

// clients send 200 requests a second until stopped, and want each of them answered.
type clients struct {
	ended, done chan struct{}

	mu     sync.Mutex
	latest []string // who answered the last hundred
	sent   int
	failed []string
}

func startClients(t *testing.T, e *Engine) *clients {
	t.Helper()
	c := &clients{ended: make(chan struct{}), done: make(chan struct{})}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: longEnough}
	go func() {
		defer close(c.done)
		defer client.CloseIdleConnections()
		var requests sync.WaitGroup
		defer requests.Wait()
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				requests.Go(func() { c.send(client, "http://"+e.Addr()) })
			case <-c.ended:
				return
			}
		}
	}()
	return c
}

// stop comes before any server is stopped that is still to take requests.
func (c *clients) stop(t *testing.T) {
	t.Helper()
	close(c.ended)
	<-c.done
	require.Empty(t, c.failed, "of %d", c.sent)
	t.Logf("%d requests, none failed", c.sent)
}

func (c *clients) send(client *http.Client, url string) {
	who, err := "", error(nil)
	res, err := client.Get(url)
	if err == nil {
		var body []byte
		body, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		who = string(body)
		if err == nil && res.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %s", res.Status, strings.TrimSpace(who))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	if err != nil {
		c.failed = append(c.failed, err.Error())
		return
	}
	c.latest = append(c.latest, who)
	c.latest = c.latest[max(0, len(c.latest)-100):]
}

// shared waits until the last hundred requests were shared by exactly these servers, each with at least half of what
// is due to it.
func (c *clients) shared(t *testing.T, ids []string) {
	t.Helper()
	var counts map[string]int
	require.Eventually(t, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		counts = map[string]int{}
		for _, who := range c.latest {
			counts[who]++
		}
		if len(counts) != len(ids) || len(c.latest) < 100 {
			return false
		}
		return !slices.ContainsFunc(ids, func(id string) bool { return counts[id] < 50/len(ids) })
	}, longEnough, 10*time.Millisecond, "shares of %v", ids)
}
