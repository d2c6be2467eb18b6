package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

// slowBody is an upload that comes a byte a second.
type slowBody struct{ io.Reader }

func (b slowBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p[:1])
	if err == nil {
		time.Sleep(time.Second)
	}
	return n, err
}

// slowTaker is a client that takes its time over each piece of the response.
type slowTaker struct{ http.ResponseWriter }

func (w slowTaker) Write(p []byte) (int, error) {
	time.Sleep(10 * time.Second)
	return w.ResponseWriter.Write(p)
}

// inTheBubble hands one request to a proxy whose server lives in this test's time, and returns what was
// observed of it.
func inTheBubble(t *testing.T, cfg Config, serve func(c net.Conn, r *http.Request), client func(http.ResponseWriter) http.ResponseWriter, r *http.Request) (Exchange, *routing.Pool) {
	t.Helper()
	pool, err := routing.NewPool([]routing.UpstreamConfig{{ID: "s1", URL: &url.URL{Scheme: "http", Host: "s1.test"}}}, routing.HealthConfig{})
	require.NoError(t, err)
	var x Exchange
	cfg.Pool, cfg.Router, cfg.Observe = pool, routing.NewRouter(pool, &policytest.FirstFree{}), func(seen Exchange) { x = seen }
	cfg.Retry = routing.DefaultRetryConfig()
	cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer func() { _ = there.Close() }()
			if r, err := http.ReadRequest(bufio.NewReader(there)); err == nil {
				serve(there, r)
			}
		}()
		return here, nil
	}
	h := New(cfg)
	defer h.Close()
	func() {
		defer func() {
			if v := recover(); v != nil && !errors.Is(v.(error), http.ErrAbortHandler) {
				panic(v)
			}
		}()
		h.ServeHTTP(client(httptest.NewRecorder()), r)
	}()
	return x, pool
}

// thinks answers 50 ms after the whole request.
func thinks(response string) func(net.Conn, *http.Request) {
	return func(c net.Conn, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		time.Sleep(50 * time.Millisecond)
		_, _ = io.WriteString(c, response)
	}
}

// A server is judged by its own time, however slowly the client sends and takes.
func TestTheClientsTimeIsNotTheServers(t *testing.T) {
	small := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	large := "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000)
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"
	quick := func(w http.ResponseWriter) http.ResponseWriter { return w }
	slow := func(w http.ResponseWriter) http.ResponseWriter { return slowTaker{w} }
	upload := func(method string, length int64) func() *http.Request {
		return func() *http.Request {
			r := httptest.NewRequest(method, "/", slowBody{strings.NewReader("0123456789")})
			r.ContentLength = length
			return r
		}
	}
	get := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }
	upgrade := func() *http.Request { // by http.Transport
		r := get()
		r.Header.Set("Upgrade", "x")
		return r
	}
	for name, tc := range map[string]struct {
		request  func() *http.Request
		client   func(http.ResponseWriter) http.ResponseWriter
		response string
		waits    bool // in the server's time
	}{
		"neither":              {get, quick, small, false},
		"upload":               {upload(http.MethodPost, -1), quick, small, true},
		"upload read first":    {upload(http.MethodPut, 10), quick, small, false},
		"download":             {get, slow, large, true},
		"any kind of download": {upgrade, slow, large, true},
		"both":                 {upload(http.MethodPost, -1), slow, large, true},
		"pieces":               {get, slow, chunked, false}, // four bytes go into the library's buffer
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x, pool := inTheBubble(t, Config{RequestTimeout: 5 * time.Second, TotalTimeout: 8 * time.Second, IdleTimeout: 5 * time.Second}, thinks(tc.response), tc.client, tc.request())
				require.Equal(t, 200, x.Status)
				require.True(t, x.Outcome.Measured())
				if name != "pieces" {
					require.Equal(t, 50*time.Millisecond, x.Outcome.Latency)
					require.InDelta(t, 50, pool.Status()[0].ResponseMS, 0)
				}
				require.Equal(t, tc.waits, x.Outcome.Waited >= 10*time.Second, "waited %v", x.Outcome.Waited)
			})
		})
	}
}

// A server that answers before it has the request may have waited for the client, or not: who knows.
func TestAnEarlyAnswerIsNoMeasurement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := httptest.NewRequest(http.MethodPost, "/", slowBody{strings.NewReader("0123456789")})
		r.ContentLength = -1
		x, pool := inTheBubble(t, Config{}, func(c net.Conn, _ *http.Request) {
			time.Sleep(3500 * time.Millisecond)
			_, _ = io.WriteString(c, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}, func(w http.ResponseWriter) http.ResponseWriter { return w }, r)
		require.Equal(t, 401, x.Status)
		require.False(t, x.Outcome.Measured())
		require.False(t, x.Outcome.Failed())
		require.Zero(t, pool.Status()[0].ResponseMS)
		time.Sleep(time.Minute) // the library may still wait for the rest of the upload
	})
}

// pausing is a client that sends some, nothing for a minute, and then the rest. It can be interrupted.
type pausing struct {
	http.ResponseWriter
	io.Reader
	cut chan struct{}
	end sync.Once
}

func (b *pausing) Read(p []byte) (int, error) {
	if n, err := b.Reader.Read(p); err == nil {
		return n, nil
	}
	select {
	case <-time.After(time.Minute):
		return 0, io.EOF
	case <-b.cut:
		return 0, os.ErrDeadlineExceeded
	}
}

func (b *pausing) SetReadDeadline(t time.Time) error {
	if !t.IsZero() && t.Before(time.Now()) {
		b.end.Do(func() { close(b.cut) })
	}
	return nil
}

// What a client's silence breaks is no failure of the server: neither our own limit nor the server's.
func TestASilentClientIsNoFailureOfTheServer(t *testing.T) {
	for name, tc := range map[string]struct {
		limit   time.Duration
		serve   func(net.Conn, *http.Request)
		status  int
		failure policy.Failure
		left    bool
	}{
		"our limit": {5 * time.Second, func(_ net.Conn, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }, http.StatusRequestTimeout, policy.FailureNone, true},
		"the server's": {time.Hour, func(_ net.Conn, r *http.Request) {
			_, _ = io.ReadFull(r.Body, make([]byte, 5))
			time.Sleep(2 * time.Second) // and it hangs up
		}, http.StatusBadGateway, policy.FailureLocal, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &pausing{Reader: strings.NewReader("01234"), cut: make(chan struct{})}
				r := httptest.NewRequest(http.MethodPost, "/", b)
				r.ContentLength = -1
				x, pool := inTheBubble(t, Config{RequestTimeout: tc.limit}, tc.serve, func(w http.ResponseWriter) http.ResponseWriter {
					b.ResponseWriter = w
					return b
				}, r)
				require.Equal(t, tc.status, x.Status)
				require.Equal(t, tc.failure, x.Outcome.Failure)
				require.Equal(t, tc.left, x.Outcome.Cancelled)
				require.Zero(t, pool.Status()[0].Failures)
			})
		})
	}
}

// An upload that took longer than total_timeout before any server was asked has used up nobody's time.
func TestTotalTimeoutIsNotForTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := httptest.NewRequest(http.MethodPut, "/", slowBody{strings.NewReader("0123456789")})
		r.ContentLength = 10
		x, pool := inTheBubble(t, Config{TotalTimeout: 5 * time.Second}, thinks("HTTP/1.1 204 No Content\r\n\r\n"), func(w http.ResponseWriter) http.ResponseWriter { return w }, r)
		require.Equal(t, http.StatusNoContent, x.Status)
		require.Zero(t, pool.Status()[0].Failures)
	})
}

// The same over sockets: a client that takes nothing of a large response, and one that uploads at leisure.
func TestSlowClientsOverSockets(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			_, _ = io.WriteString(w, strings.Repeat("x", 32<<20))
		}
	}))
	c, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	clientIsWaitedFor := func() bool { // whatever that takes, the request does not age
		s := g.pool.Status()[0]
		return s.InFlight == 1 && s.OldestAge == 0
	}
	require.Eventually(t, clientIsWaitedFor, 5*time.Second, time.Millisecond)
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Len(t, body(t, res), 32<<20)
	x := g.exchange()
	require.True(t, x.Outcome.Measured())
	require.Positive(t, x.Outcome.Waited)
	require.LessOrEqual(t, x.Outcome.Latency+x.Outcome.Waited, x.Latency)
	_ = c.Close()

	c, r = g.raw("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
	require.Eventually(t, clientIsWaitedFor, 5*time.Second, time.Millisecond)
	_, err = io.WriteString(c, "5\r\nhello\r\n0\r\n\r\n")
	require.NoError(t, err)
	res, err = http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Len(t, body(t, res), 32<<20)
	x = g.exchange()
	require.True(t, x.Outcome.Measured())
	require.LessOrEqual(t, x.Outcome.Latency+x.Outcome.Waited, x.Latency)
	require.Positive(t, x.Outcome.Waited)
}
