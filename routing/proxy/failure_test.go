package proxy

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

func reasonOf(t testing.TB, res *http.Response) (reason, server string) {
	t.Helper()
	var b struct{ Error, Reason, Server string }
	require.Equal(t, "application/json", res.Header.Get("Content-Type"))
	require.NoError(t, json.Unmarshal([]byte(body(t, res)), &b))
	require.NotEmpty(t, b.Error)
	return b.Reason, b.Server
}

func TestRefusedGoesToAnotherServerWithItsBody(t *testing.T) {
	var seen atomic.Int64
	up := upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		b, _ := io.ReadAll(r.Body)
		_, _ = w.Write(b)
	})
	g := newRig(t, Config{ConnectTimeout: 5 * time.Second, RequestTimeout: 5 * time.Second}, deadUpstream(t), up)
	sent := strings.Repeat("payload ", 10000)
	for i, reader := range []io.Reader{strings.NewReader(sent), io.MultiReader(strings.NewReader(sent))} { // known length, chunked
		res, err := g.client.Post(g.url, "text/plain", reader)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		require.Equal(t, "s2", res.Header.Get(ServedByHeader))
		require.Equal(t, sent, body(t, res))
		x := g.exchange()
		require.Equal(t, 2, x.Attempts)
		require.Equal(t, 1, x.Server)
		require.Equal(t, policy.FailureConnect, g.policy.Outcomes[2*i].Failure)
		require.True(t, g.policy.Outcomes[2*i+1].Measured())
	}
	require.EqualValues(t, 2, seen.Load())

	require.False(t, g.pool.Status()[0].Up, "two refused requests are two failed checks")
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	_ = body(t, res)
	require.Equal(t, 1, g.exchange().Attempts, "a dead server is skipped")
}

func TestRefusedEverywhere(t *testing.T) {
	g := newRig(t, Config{}, deadUpstream(t), deadUpstream(t), deadUpstream(t))
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 502, res.StatusCode)
	reason, server := reasonOf(t, res)
	require.Equal(t, "connect_refused", reason)
	require.Equal(t, "s3", server)
	x := g.exchange()
	require.Equal(t, 3, x.Attempts, "each server once")
	require.Equal(t, 502, x.Status)
	require.True(t, x.Outcome.Failed())
}

func TestNoServerAvailable(t *testing.T) {
	g := newRig(t, Config{}, deadUpstream(t))
	for range 2 {
		g.pool.Polled(0, routing.Poll{})
	}
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 503, res.StatusCode)
	require.Equal(t, "1", res.Header.Get("Retry-After"))
	reason, server := reasonOf(t, res)
	require.Equal(t, "no_server_available", reason)
	require.Empty(t, server)
	x := g.exchange()
	require.Equal(t, policy.NoServer, x.Server)
	require.Zero(t, x.Attempts)
	require.Equal(t, "first_free", x.Policy)
	require.Equal(t, policy.FailureLocal, x.Outcome.Failure)
}

// Once a server may have seen part of a request, nobody else gets it.
func TestNoRetryOnceSent(t *testing.T) {
	for name, tc := range map[string]struct {
		serve  func(c net.Conn, r *bufio.Reader)
		reason string
	}{
		"reset": {func(c net.Conn, r *bufio.Reader) {
			_, _ = http.ReadRequest(r)
			_ = c.(*net.TCPConn).SetLinger(0)
		}, "upstream_reset"},
		"closed": {func(_ net.Conn, r *bufio.Reader) {
			req, _ := http.ReadRequest(r)
			_, _ = io.Copy(io.Discard, req.Body)
		}, "upstream_closed"},
		"garbage": {func(c net.Conn, r *bufio.Reader) {
			req, _ := http.ReadRequest(r)
			_, _ = io.Copy(io.Discard, req.Body)
			_, _ = io.WriteString(c, "SSH-2.0-OpenSSH\r\n")
		}, "bad_response"},
	} {
		t.Run(name, func(t *testing.T) {
			var second atomic.Int64
			g := newRig(t, Config{}, rawUpstream(t, tc.serve), upstreamOf(t, func(http.ResponseWriter, *http.Request) { second.Add(1) }))
			res, err := g.client.Post(g.url, "text/plain", strings.NewReader("x"))
			require.NoError(t, err)
			require.Equal(t, 502, res.StatusCode)
			reason, server := reasonOf(t, res)
			require.Equal(t, tc.reason, reason)
			require.Equal(t, "s1", server)
			require.Zero(t, second.Load())
			x := g.exchange()
			require.Equal(t, 1, x.Attempts)
			require.Equal(t, policy.FailureRemote, x.Outcome.Failure)
			require.True(t, g.pool.Status()[0].Up, "not a refused connection")
		})
	}
}

func TestBrokenBodyAbortsTheClient(t *testing.T) {
	for name, head := range map[string]string{
		"length":  "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart",
		"chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
				_, _ = http.ReadRequest(r)
				_, _ = io.WriteString(c, head)
			}))
			_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			all, _ := io.ReadAll(r) // the connection ends, whether by FIN or RST
			require.NotContains(t, string(all), "error")
			require.NotContains(t, string(all), "\r\n0\r\n", "a chunked body must not look complete")
			x := g.exchange()
			require.Equal(t, policy.FailureRemote, x.Outcome.Failure)
			require.Equal(t, 200, x.Status)
			require.EqualValues(t, 1, g.pool.Status()[0].Failures)
		})
	}
}

func TestTimeoutIs504(t *testing.T) {
	stalled := make(chan struct{})
	g := newRig(t, Config{RequestTimeout: 20 * time.Millisecond}, upstreamOf(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stalled:
		case <-r.Context().Done():
		}
	}))
	defer close(stalled)
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 504, res.StatusCode)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "upstream_timeout", reason)
	x := g.exchange()
	require.Equal(t, policy.FailureTimeout, x.Outcome.Failure)
	require.GreaterOrEqual(t, x.Outcome.Latency, 20*time.Millisecond)
}

func TestConnectTimeout(t *testing.T) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	g := newRig(t, Config{ConnectTimeout: time.Millisecond, RequestTimeout: time.Minute, Dial: dial}, "http://upstream.test")
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 504, res.StatusCode)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "connect_timeout", reason)
	require.Equal(t, policy.FailureConnect, g.exchange().Outcome.Failure)
}

// Out of sockets is our own trouble: no server is blamed, and no other one could do better.
func TestOwnExhaustionBlamesNobody(t *testing.T) {
	var dials atomic.Int64
	dial := func(context.Context, string, string) (net.Conn, error) {
		dials.Add(1)
		return nil, &net.OpError{Op: "dial", Err: syscall.EADDRNOTAVAIL}
	}
	g := newRig(t, Config{Dial: dial}, "http://a.test", "http://b.test")
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "local_resource", reason)
	require.EqualValues(t, 1, dials.Load())
	require.Zero(t, g.pool.Status()[0].Failures)
}

// It is none of a health check's business either: the servers stay up, kept connections are used, and
// people are told what is short, once.
func TestOwnExhaustionTakesNoServerDown(t *testing.T) {
	for _, short := range []error{syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS, &net.DNSError{Err: "dial udp 10.0.0.1:53: socket: too many open files"}} {
		t.Run(short.Error(), func(t *testing.T) {
			var lacking atomic.Bool
			var polls atomic.Int64
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				if lacking.Load() {
					return nil, &net.OpError{Op: "dial", Err: short}
				}
				return (&net.Dialer{}).DialContext(ctx, network, addr)
			}
			polled := func(ctx context.Context, network, addr string) (net.Conn, error) {
				polls.Add(1)
				return dial(ctx, network, addr)
			}
			g := newRig(t, Config{Dial: dial}, upstreamOf(t, answerWith(200, "ok")))
			var told []string
			var mu sync.Mutex
			health := routing.NewHealth(g.pool, time.Millisecond, routing.HealthOptions{Dial: polled, OnChange: func(c routing.Change) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, c.ID+": "+c.Reason)
			}})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- health.Run(ctx) }()
			defer func() { cancel(); require.NoError(t, <-ended) }()

			require.Equal(t, 200, g.send("GET", "before"))
			lacking.Store(true)
			from := polls.Load()
			require.Eventually(t, func() bool { return polls.Load() > from+10 }, 5*time.Second, time.Millisecond)
			require.Equal(t, routing.StateUp, g.pool.Status()[0].State)
			require.Equal(t, 200, g.send("GET", "over the connection of before"))
			mu.Lock()
			defer mu.Unlock()
			require.Len(t, told, 1)
			require.Contains(t, told[0], "no server is blamed")
		})
	}
}

func TestClientLeavingIsNoFailure(t *testing.T) {
	for path, status := range map[string]int{"/before": statusClientClosed, "/midway": 200} {
		t.Run(path, func(t *testing.T) {
			left := make(chan struct{})
			arrived := make(chan struct{})
			g := newRig(t, Config{RequestTimeout: time.Minute}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/midway" {
					_, _ = io.WriteString(w, "part")
					w.(http.Flusher).Flush()
				}
				close(arrived)
				<-r.Context().Done() // the upstream is told, too
				close(left)
			}))
			c, r := g.raw("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
			<-arrived
			if path == "/midway" {
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				_, err = io.ReadFull(res.Body, make([]byte, 4))
				require.NoError(t, err)
			}
			require.NoError(t, c.Close())
			<-left
			x := g.exchange()
			require.True(t, x.Outcome.Cancelled)
			require.False(t, x.Outcome.Failed())
			require.Equal(t, status, x.Status)
			require.Zero(t, g.pool.Status()[0].Failures)
			require.Zero(t, g.pool.Status()[0].ResponseMS)
		})
	}
}

func TestBrokenUploadIsTheClientsFault(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	_, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n")
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, 400, res.StatusCode)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "client_body", reason)
	require.True(t, g.exchange().Outcome.Cancelled)
	require.Zero(t, g.pool.Status()[0].Failures)
}

// A slow upload is not a stalled server: each piece gives it the whole time again.
func TestMovingUploadExtendsTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		timer := stallTimer{cancel: cancel, client: &client{}}
		timer.expect(time.Second, errHeaderTimeout)
		b := &requestBody{rc: iotest.OneByteReader(strings.NewReader("slow but sure")), request: &http.Request{ContentLength: -1}, client: timer.client}
		require.True(t, b.untouched())
		for range 13 {
			time.Sleep(900 * time.Millisecond)
			_, err := b.Read(make([]byte, 1))
			require.NoError(t, err)
		}
		require.False(t, b.untouched())
		require.False(t, b.broken())
		require.NoError(t, ctx.Err())
		time.Sleep(999 * time.Millisecond)
		require.NoError(t, ctx.Err())
		time.Sleep(time.Millisecond)
		synctest.Wait()
		require.ErrorIs(t, context.Cause(ctx), errHeaderTimeout, "not a moment later")
	})
}

// A stage has its own limit, a stopped timer stays stopped, and a slow client is no stalled server.
func TestStallTimerStages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, tc := range map[string]struct {
			after func(*stallTimer)
			cause error
		}{
			"next stage":   {func(s *stallTimer) { s.expect(time.Second, errIdleTimeout) }, errIdleTimeout},
			"no limit":     {func(s *stallTimer) { s.expect(0, nil) }, nil},
			"stopped":      {func(s *stallTimer) { s.stop(); s.expect(time.Second, errIdleTimeout) }, nil},
			"slow client":  {func(s *stallTimer) { s.client.await(awaitedRoom) }, nil},
			"slow upload":  {func(s *stallTimer) { s.client.await(awaitedBody) }, errClientSilent},
			"both":         {func(s *stallTimer) { s.client.await(awaitedBody); s.client.await(awaitedRoom) }, nil},
			"nothing else": {func(*stallTimer) {}, errHeaderTimeout},
		} {
			ctx, cancel := context.WithCancelCause(t.Context())
			s := &stallTimer{cancel: cancel, client: &client{}}
			s.expect(time.Second, errHeaderTimeout)
			tc.after(s)
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if tc.cause == nil {
				require.NoError(t, ctx.Err(), name)
			} else {
				require.ErrorIs(t, context.Cause(ctx), tc.cause, name)
			}
			s.stop()
			cancel(nil)
		}
	})
}

func TestBrokenBodyIsNoticed(t *testing.T) {
	b := &requestBody{rc: iotest.ErrReader(errors.New("cut")), request: &http.Request{ContentLength: -1}}
	_, err := b.Read(make([]byte, 1))
	require.Error(t, err)
	require.True(t, b.broken())
	b.finish()
	_, err = b.Read(nil)
	require.ErrorIs(t, err, errHandlerDone)
}

func TestPolicyPanicLeaksNothing(t *testing.T) {
	p, err := routing.NewPool([]routing.UpstreamConfig{{ID: "s1", URL: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}}}, routing.HealthConfig{})
	require.NoError(t, err)
	var seen []Exchange
	h := New(Config{Pool: p, Router: routing.NewRouter(p, &policytest.FirstFree{Panics: true}), Observe: func(x Exchange) { seen = append(seen, x) }})
	require.PanicsWithValue(t, "policy bug", func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	})
	require.Zero(t, p.Status()[0].InFlight)
	require.Len(t, seen, 1)
	require.Equal(t, 500, seen[0].Status)
	require.Equal(t, policy.FailureLocal, seen[0].Outcome.Failure)
}

// panicWriter is a middleware with a bug.
type panicWriter struct{ http.ResponseWriter }

func (panicWriter) Write([]byte) (int, error) { panic("writer bug") }

func TestWriterPanicLeaksNothing(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, answerWith(200, "x")))
	require.PanicsWithValue(t, "writer bug", func() {
		g.handler.ServeHTTP(panicWriter{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", nil))
	})
	require.Equal(t, policy.FailureLocal, g.exchange().Outcome.Failure)
}

// A server that hangs up idle connections must cost no request: one that may be sent twice goes over a new one.
func TestKeepAliveRaceIsInvisible(t *testing.T) {
	var conns atomic.Int64
	g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		conns.Add(1)
		_, _ = http.ReadRequest(r)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") // and closes
	}))
	for range 20 {
		res, err := g.client.Get(g.url)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		require.Equal(t, "ok", body(t, res))
		require.LessOrEqual(t, g.exchange().Attempts, 2) // one more where the request had left
	}
	require.EqualValues(t, 20, conns.Load())
}

// An upstream may turn an upload down before it comes. The answer must reach the client although
// the body never will, and what follows on the connection is no request.
func TestUploadTurnedDown(t *testing.T) {
	for _, length := range []string{"10", "10000000"} {
		g := newRig(t, Config{RequestTimeout: time.Minute}, upstreamOf(t, answerWith(413, "too big")))
		_, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n")
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 413, res.StatusCode)
		require.Equal(t, "too big", body(t, res))
		require.True(t, res.Close)
		require.True(t, g.exchange().Outcome.Refused())
	}
}
