package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy/policytest"
)

// rig is a proxy on a real socket before real upstreams.
type rig struct {
	t         testing.TB
	pool      *routing.Pool
	router    *routing.Router
	policy    *policytest.FirstFree
	handler   *Handler
	url       string
	client    *http.Client
	exchanges chan Exchange
}

func newRig(t testing.TB, cfg Config, upstreams ...string) *rig {
	t.Helper()
	return newRigWith(t, cfg, nil, upstreams...)
}

func newRigWith(t testing.TB, cfg Config, opts []routing.PoolOption, upstreams ...string) *rig {
	t.Helper()
	g := &rig{t: t, policy: &policytest.FirstFree{}, exchanges: make(chan Exchange, 1000)}
	ups := make([]routing.UpstreamConfig, len(upstreams))
	for i, raw := range upstreams {
		u, err := url.Parse(raw)
		require.NoError(t, err)
		ups[i] = routing.UpstreamConfig{ID: fmt.Sprintf("s%d", i+1), URL: u}
	}
	var err error
	g.pool, err = routing.NewPool(ups, routing.DefaultHealthConfig(), opts...)
	require.NoError(t, err)
	for i := range ups {
		g.pool.Polled(i, routing.Poll{Answered: true, Good: true, CPU: -1}) // off the credit of the start
	}
	g.router = routing.NewRouter(g.pool, g.policy)
	cfg.Pool, cfg.Router = g.pool, g.router
	if cfg.Retry == (routing.RetryConfig{}) {
		cfg.Retry = routing.DefaultRetryConfig()
	}
	cfg.Observe = func(x Exchange) { g.exchanges <- x }
	g.handler = New(cfg)
	server := httptest.NewUnstartedServer(g.handler)
	var faults panics
	server.Config.ErrorLog = log.New(&faults, "", 0)
	server.Config.DisableGeneralOptionsHandler = true
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	stop := server.Close
	if front != nil {
		g.url = "http://" + server.Listener.Addr().String()
		stop = front(server.Listener, server.Config, g.handler)
	} else {
		server.Start()
		g.url = server.URL
	}
	tr := &http.Transport{DisableCompression: true}
	g.client = &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		g.handler.Close()
		stop()
		require.Empty(t, faults.String())
		require.Eventually(t, func() bool {
			for _, s := range g.pool.Status() {
				if s.InFlight != 0 || s.OldestAge != 0 {
					return false
				}
			}
			return true
		}, 30*time.Second, time.Millisecond, "requests stay in flight")
	})
	return g
}

// panics are those that the library recovered, ours and its own.
type panics struct {
	mu  sync.Mutex
	all strings.Builder
}

func (p *panics) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if bytes.Contains(line, []byte("panic")) {
		_, _ = p.all.Write(line)
	}
	return len(line), nil
}

func (p *panics) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.String()
}

// exchange is the next request that the handler reports.
func (g *rig) exchange() Exchange {
	g.t.Helper()
	select {
	case x := <-g.exchanges:
		return x
	case <-time.After(30 * time.Second):
		require.Fail(g.t, "no exchange was reported")
		panic("unreachable")
	}
}

// raw sends bytes and returns the connection and a reader of what comes back.
func (g *rig) raw(request string) (net.Conn, *bufio.Reader) {
	g.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(g.url, "http://"))
	require.NoError(g.t, err)
	g.t.Cleanup(func() { _ = c.Close() })
	require.NoError(g.t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = io.WriteString(c, request)
	require.NoError(g.t, err)
	return c, bufio.NewReader(c)
}

func upstreamOf(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// rawUpstream answers every connection with what serve writes.
func rawUpstream(t testing.TB, serve func(c net.Conn, r *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c, bufio.NewReader(c))
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return "http://" + l.Addr().String()
}

// deadUpstream is an address that refuses connections.
func deadUpstream(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return "http://" + l.Addr().String()
}

func body(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return string(b)
}

func answerWith(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}
