package routing

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// pipeServer serves handler on in-memory connections, which synctest's clock understands. A nil
// handler refuses every connection.
type pipeServer struct {
	handler atomic.Pointer[http.HandlerFunc]
	dials   atomic.Int64
}

func (s *pipeServer) set(h http.HandlerFunc) { s.handler.Store(&h) }

func (s *pipeServer) dial(context.Context, string, string) (net.Conn, error) {
	s.dials.Add(1)
	if *s.handler.Load() == nil {
		return nil, errors.New("refused")
	}
	client, server := net.Pipe()
	l := &oneConn{conn: make(chan net.Conn, 1), addr: server.LocalAddr()}
	l.conn <- server
	close(l.conn)
	go func() { _ = http.Serve(l, *s.handler.Load()) }() //nolint:gosec // ends with the connection
	return client, nil
}

type oneConn struct {
	conn chan net.Conn
	addr net.Addr
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c, ok := <-l.conn; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return l.addr }

func answerWith(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

func TestHealthPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultHealthConfig()
		p := testPool(t, 1, cfg)
		var srv pipeServer
		var log []string
		h := NewHealth(p, time.Second, HealthOptions{Dial: srv.dial, OnChange: func(c Change) {
			log = append(log, fmt.Sprintf("%s %s %s", c.ID, c.State, c.Reason))
		}})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		srv.set(answerWith(200, `{"cpu_utilization": 250, "health_status": "degraded"}`))
		go func() { ended <- h.Run(ctx) }()
		rounds := func(n int) UpstreamStatus { // n polls pass, whatever their jitter
			for from := srv.dials.Load(); srv.dials.Load() < from+int64(n); synctest.Wait() {
				time.Sleep(50 * time.Millisecond)
			}
			return p.Status()[0]
		}

		synctest.Wait()
		s := p.Status()[0]
		require.True(t, s.Up)
		require.Equal(t, "degraded", s.Health)
		require.EqualValues(t, 100, s.CPU, "clamped to percent")

		srv.set(answerWith(503, "overloaded"))
		require.True(t, rounds(1).Up)
		s = rounds(1)
		require.False(t, s.Up)
		require.EqualValues(t, -1, s.CPU)
		require.Empty(t, s.Health)
		require.Greater(t, s.Since, time.Duration(0))

		srv.set(answerWith(302, ""))
		require.False(t, rounds(1).Up, "a redirect is no good answer")
		srv.set(answerWith(204, ""))
		require.False(t, rounds(1).Up)
		require.True(t, rounds(1).Up)

		srv.set(nil)
		require.False(t, rounds(2).Up)
		stalled := make(chan struct{})
		srv.set(func(http.ResponseWriter, *http.Request) { <-stalled })
		require.False(t, rounds(2).Up)
		close(stalled)

		cancel()
		require.NoError(t, <-ended)
		require.Equal(t, []string{
			"s1 DOWN health check of /health: 503 Service Unavailable",
			"s1 up health check of /health: 204 No Content",
			"s1 DOWN health check got no answer: refused",
		}, log)
		time.Sleep(time.Minute) // idle connections run out
	})
}

func TestHealthFirstPollDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultHealthConfig()
		p := testPool(t, 1, cfg)
		require.True(t, p.Status()[0].Up, "up until proven otherwise")
		var srv pipeServer
		srv.set(nil)
		h := NewHealth(p, 0, HealthOptions{Dial: srv.dial})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- h.Run(ctx) }()
		synctest.Wait()
		require.False(t, p.Status()[0].Up)
		cancel()
		require.NoError(t, <-ended)
	})
}

func TestHealthWithoutPathOnlyWaits(t *testing.T) {
	h := NewHealth(testPool(t, 1, HealthConfig{}), time.Second, HealthOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, h.Run(ctx))
}

func TestHealthPanicBecomesAnError(t *testing.T) {
	cfg := DefaultHealthConfig()
	var srv pipeServer
	srv.set(nil)
	h := NewHealth(testPool(t, 1, cfg), time.Second, HealthOptions{Dial: srv.dial, OnChange: func(Change) { panic("bug") }})
	require.ErrorContains(t, h.Run(t.Context()), "health polling of s1: panic: bug")
}
