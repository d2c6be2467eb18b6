package http1

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a Transport before a server that does what serve says with each connection.
type rig struct {
	*Transport
	addr  string
	mu    sync.Mutex
	conns int
}

func (g *rig) connections() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.conns
}

func newRig(t testing.TB, serve func(c *net.TCPConn, r *bufio.Reader)) *rig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := &rig{addr: l.Addr().String()}
	g.Transport = New(Config{IdleTimeout: time.Minute, MaxIdle: 10, Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", g.addr)
	}})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.mu.Lock()
			g.conns++
			g.mu.Unlock()
			all.Go(func() {
				defer func() { _ = c.Close() }()
				serve(c.(*net.TCPConn), bufio.NewReader(c))
			})
		}
	})
	t.Cleanup(func() {
		g.CloseIdleConnections()
		_ = l.Close()
		all.Wait()
	})
	return g
}

// answering serves every request of a connection with the same bytes.
func answering(answer string) func(*net.TCPConn, *bufio.Reader) {
	return func(c *net.TCPConn, r *bufio.Reader) {
		for readRequest(r) != nil {
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	}
}

// readRequest reads a whole request, nil at the end.
func readRequest(r *bufio.Reader) *http.Request {
	req, err := http.ReadRequest(r)
	if err != nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return nil
	}
	return req
}

func get() *Request { return &Request{Method: http.MethodGet, Host: "h", Target: "/"} }

// text does r and returns the body.
func (g *rig) text(t testing.TB, r *Request) (*http.Response, string) {
	t.Helper()
	res, err := g.Do(context.Background(), r)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res, string(b)
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
