package loadgen

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// runAgainst sends 100 requests to a server, as fast as 1000 a second.
func runAgainst(t *testing.T, srv *httptest.Server, cfg Config) Stats {
	cfg.URL, cfg.Rate, cfg.Arrivals, cfg.Duration = srv.URL, 1000, Constant, 100*time.Millisecond
	if cfg.Drain == 0 {
		cfg.Drain = time.Minute // a slow machine must not turn answers into cancellations
	}
	g, err := New(cfg)
	require.NoError(t, err)
	require.NoError(t, g.Run(t.Context()))
	s := g.Stats()
	require.EqualValues(t, 100, s.Scheduled)
	return s
}

func TestOverHTTP(t *testing.T) {
	var encodings atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			encodings.Add(1)
		}
		w.Header().Set("X-Served-By", "backend-1")
		_, _ = w.Write([]byte(strings.Repeat("x", 10_000)))
	}))
	defer srv.Close()
	var served atomic.Int64
	s := runAgainst(t, srv, Config{OnResult: func(r Result) {
		if r.Server == "backend-1" && r.Status == http.StatusOK && !r.Failed() {
			served.Add(1)
		}
	}})
	require.EqualValues(t, 100, served.Load())
	require.EqualValues(t, 1_000_000, s.Bytes)
	require.Zero(t, encodings.Load(), "bodies are asked for as they are")
}

func TestConnectionsAreKeptAlive(t *testing.T) {
	var conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ConnContext = func(ctx context.Context, _ net.Conn) context.Context {
		conns.Add(1)
		return ctx
	}
	srv.Start()
	defer srv.Close()
	s := runAgainst(t, srv, Config{MaxInFlight: 1})
	require.NotZero(t, s.Completed)
	require.EqualValues(t, 1, conns.Load())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var elsewhere atomic.Int64
	mux := http.NewServeMux()
	mux.Handle("/{$}", http.RedirectHandler("/elsewhere", http.StatusFound))
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	s := runAgainst(t, srv, Config{})
	require.EqualValues(t, 100, s.Completed)
	require.Zero(t, s.Failed)
	require.Zero(t, elsewhere.Load())
}

func TestNobodyListens(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	s := runAgainst(t, srv, Config{})
	require.EqualValues(t, 100, s.Failed+s.Dropped)
	require.Zero(t, s.Latency.Count)
}

func TestStalledServerIsCancelledAtTheEnd(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	s := runAgainst(t, srv, Config{Drain: time.Millisecond})
	require.EqualValues(t, 100, s.Cancelled)
	require.Zero(t, s.Failed)
}

// A body that breaks off is a failure, whatever its status.
func TestTruncatedBodyFails(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("short"))
	}))
	defer srv.Close()
	s := runAgainst(t, srv, Config{})
	require.EqualValues(t, 100, s.Failed)
}
