package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy/policytest"
)

// mortal is a server that crashes and comes back on the same port.
type mortal struct {
	t       testing.TB
	addr    string
	handler http.HandlerFunc
	server  *httptest.Server
}

func newMortal(t testing.TB, h http.HandlerFunc) *mortal {
	m := &mortal{t: t, addr: "127.0.0.1:0", handler: h}
	m.rise()
	t.Cleanup(func() { m.server.Close() })
	return m
}

func (m *mortal) rise() {
	m.t.Helper()
	var l net.Listener
	require.Eventually(m.t, func() (ok bool) {
		var err error
		l, err = net.Listen("tcp", m.addr)
		return err == nil
	}, 30*time.Second, time.Millisecond, "the port is not free again")
	m.addr = l.Addr().String()
	m.server = &httptest.Server{Listener: l, Config: &http.Server{Handler: m.handler}}
	m.server.Start()
}

// crash closes the listener and cuts all connections, whatever is under way on them.
func (m *mortal) crash() {
	_ = m.server.Listener.Close()
	m.server.CloseClientConnections()
}

// One of three servers dies in the middle of its requests and comes back, twice. Every request that
// may be repeated is answered, none is done twice that may not be, and the server gets work again.
func TestFaultCrashAndReturnUnderLoad(t *testing.T) {
	noLeaks(t)
	seen := &witness{ids: map[string]int{}}
	m := newMortal(t, seen.echo)
	g := newRigWith(t, Config{ConnectTimeout: time.Second, RequestTimeout: 10 * time.Second}, []routing.PoolOption{routing.WithOutlier(routing.DefaultOutlierConfig())},
		"http://"+m.addr, upstreamOf(t, seen.echo), upstreamOf(t, seen.echo))
	g.router.SetPolicy(&policytest.Turns{})
	health := routing.NewHealth(g.pool, 5*time.Millisecond, routing.HealthOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- health.Run(ctx) }()
	defer func() { cancel(); require.NoError(t, <-ended) }()
	go func() { // what the rig keeps of exchanges is bounded
		for {
			select {
			case <-g.exchanges:
			case <-ctx.Done():
				return
			}
		}
	}()

	var sent, lost, posts, doubled atomic.Int64
	burst := func(n int) {
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range n {
					method := []string{"GET", "POST", "GET", "PUT"}[i%4]
					id := fmt.Sprintf("%d-%d-%d", sent.Add(1), worker, i)
					status := g.send(method, id)
					if method == http.MethodPost {
						posts.Add(1)
						if seen.count(id) > 1 {
							doubled.Add(1)
						}
					} else if status != http.StatusOK {
						lost.Add(1)
					}
				}
			})
		}
		wg.Wait()
	}
	for range 2 {
		burst(25)
		crashed := make(chan struct{})
		go func() { m.crash(); close(crashed) }()
		burst(25)
		<-crashed
		m.rise()
		require.Eventually(t, func() bool { return g.pool.Status()[0].State == routing.StateUp }, 20*time.Second, time.Millisecond)
		before := g.pool.Status()[0].Requests
		burst(10)
		require.Greater(t, g.pool.Status()[0].Requests, before, "it gets its share again")
	}
	require.Zero(t, lost.Load(), "requests that a retry could have saved")
	require.Positive(t, posts.Load())
	require.Zero(t, doubled.Load(), "POSTs that were sent twice")
}
