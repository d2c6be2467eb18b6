package stream

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/routing"
	"slbtui/routing/fast"
	"slbtui/routing/policy/policytest"
	"slbtui/routing/proxy"
)

// What a client sees of a front is tested in packages engine and hostile, over each.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a stream server before one server. What it hands over is answered with how it came.
type rig struct {
	*Server
	address string
	accepts chan error // what Serve has returned
	l       net.Listener
}

func newRig(t *testing.T, server http.HandlerFunc, secure *tls.Config, over func(net.Listener) net.Listener) *rig {
	up := httptest.NewServer(server)
	u, err := url.Parse(up.URL)
	require.NoError(t, err)
	pool, err := routing.NewPool([]routing.UpstreamConfig{{ID: "s1", URL: u}}, routing.HealthConfig{})
	require.NoError(t, err)
	h := proxy.New(proxy.Config{Pool: pool, Router: routing.NewRouter(pool, &policytest.FirstFree{}), Retry: routing.DefaultRetryConfig()})
	g := &rig{accepts: make(chan error, 1)}
	g.Server = New(Options{Current: func() *proxy.Handler { return h }, TLS: secure, HeaderTimeout: time.Minute, HandOver: func(c net.Conn, rest fast.Rest) {
		_, _ = io.WriteString(c, "handed "+string(rest.Read))
		_ = c.Close()
	}})
	g.l, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g.address = g.l.Addr().String()
	go func() { g.accepts <- g.Serve(over(g.l)) }()
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		if g.l.Close() == nil {
			<-g.accepts
		}
		g.Shutdown(now)
		h.Close()
		up.Close()
	})
	return g
}

func same(l net.Listener) net.Listener { return l }

func (g *rig) dial(t *testing.T) net.Conn {
	c, err := net.Dial("tcp", g.address)
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func get(t *testing.T, c net.Conn, path string) string {
	t.Helper()
	_, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

func path(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) }

func TestWhatIsOddIsHandedOverWithWhatWasRead(t *testing.T) {
	g := newRig(t, path, nil, same)
	c := g.dial(t)
	require.Equal(t, "/a", get(t, c, "/a"))
	const odd = "GET / HTTP/1.0\r\n\r\n"
	_, err := io.WriteString(c, odd)
	require.NoError(t, err)
	rest, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Equal(t, "handed "+odd, string(rest))
}

func TestTLS(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	for _, protocol := range []string{"http/1.1", "h2"} {
		g := newRig(t, path, &tls.Config{Certificates: certified.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}, same)
		c := tls.Client(g.dial(t), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}})
		if protocol == "http/1.1" {
			require.Equal(t, "/b", get(t, c, "/b"))
			continue
		}
		rest, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "handed ", string(rest), "before anything was read")
	}
	g := newRig(t, path, &tls.Config{Certificates: certified.TLS.Certificates}, same)
	c := g.dial(t)
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	_, err = io.ReadAll(c)
	require.NoError(t, err, "whoever does not speak TLS is hung up on")
}

func TestShutdownWaitsForRequestsAndClosesIdleClients(t *testing.T) {
	arrived, answer := make(chan struct{}), make(chan struct{})
	g := newRig(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			close(arrived)
			<-answer
		}
		path(w, r)
	}, nil, same)
	idle, busy := g.dial(t), g.dial(t)
	get(t, idle, "/")
	_, err := io.WriteString(busy, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	<-arrived
	require.NoError(t, g.l.Close())
	require.ErrorIs(t, <-g.accepts, net.ErrClosed)
	done := make(chan struct{})
	go func() { defer close(done); g.Shutdown(t.Context()) }()
	_, err = io.Copy(io.Discard, idle)
	require.NoError(t, err, "it is closed")
	close(answer)
	res, err := http.ReadResponse(bufio.NewReader(busy), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	<-done
}

// The end of Shutdown's time cuts requests, and clients that are yet to agree upon TLS.
func TestShutdownCuts(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	g := newRig(t, path, &tls.Config{Certificates: certified.TLS.Certificates}, same)
	silent := g.dial(t)
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.open) == 1
	}, 30*time.Second, time.Millisecond)
	require.NoError(t, g.l.Close())
	<-g.accepts
	now, cancel := context.WithCancel(t.Context())
	cancel()
	g.Shutdown(now)
	_, err := silent.Read(make([]byte, 1))
	require.Error(t, err)
	require.NotErrorIs(t, err, syscall.ETIMEDOUT)

	late := &client{}
	late.Conn, _ = net.Pipe()
	require.False(t, g.enter(late, nil), "whoever comes behind it is cut")
	_, err = late.Write(nil)
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

// exhausted is a listener whose first accepts fail for want of descriptors.
type exhausted struct {
	net.Listener
	left atomic.Int32
}

func (l *exhausted) Accept() (net.Conn, error) {
	if l.left.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

func TestDescriptorsThatRunOutComeBack(t *testing.T) {
	g := newRig(t, path, nil, func(l net.Listener) net.Listener {
		e := &exhausted{Listener: l}
		e.left.Store(3)
		return e
	})
	require.Equal(t, "/c", get(t, g.dial(t), "/c"))
}

func TestSocketOf(t *testing.T) {
	one, two := net.Pipe()
	defer func() { _ = errors.Join(one.Close(), two.Close()) }()
	require.Nil(t, SocketOf(one))
	require.Equal(t, "pipe", AddressOf(one))
	g := newRig(t, path, nil, same)
	c := g.dial(t)
	require.NotNil(t, SocketOf(tls.Client(c, &tls.Config{ServerName: "h"})), "behind TLS")
	require.Equal(t, "127.0.0.1", AddressOf(c))
}
