package backends

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pipes is a network of one address made of net.Pipe, for use under synctest.
type pipes struct {
	mu   sync.Mutex
	ln   *pipeListener
	busy bool // the address belongs to someone else
}

func (p *pipes) Listen(_, addr string) (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy || (p.ln != nil && !p.ln.isClosed()) {
		return nil, &net.OpError{Op: "listen", Net: "pipe", Err: syscall.EADDRINUSE}
	}
	p.ln = &pipeListener{addr: pipeAddr(addr), conns: make(chan net.Conn), closed: make(chan struct{})}
	return p.ln, nil
}

func (p *pipes) Dial(context.Context, string, string) (net.Conn, error) {
	p.mu.Lock()
	ln := p.ln
	p.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: "pipe", Err: syscall.ECONNREFUSED}
	if ln == nil {
		return nil, refused
	}
	client, server := net.Pipe()
	select {
	case ln.conns <- server:
		return client, nil
	case <-ln.closed:
		return nil, refused
	}
}

func (p *pipes) setBusy(busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = busy
}

type pipeListener struct {
	addr   pipeAddr
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipeListener) Addr() net.Addr { return l.addr }
func (l *pipeListener) isClosed() bool {
	select {
	case <-l.closed:
		return true
	default:
		return false
	}
}

type pipeAddr string

func (pipeAddr) Network() string  { return "pipe" }
func (a pipeAddr) String() string { return string(a) }

// world is a running server and its client, inside a synctest bubble.
type world struct {
	*Server
	t      *testing.T
	pipes  *pipes
	client *http.Client
	stop   context.CancelFunc
	served chan error // what Serve returned
}

// inBubble runs test against a server in virtual time, and checks that Serve then ends well.
func inBubble(t *testing.T, cfg Config, test func(w *world), opts ...Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, cfg, opts...)
		w.start()
		test(w)
		w.client.CloseIdleConnections()
		w.stop()
		require.NoError(t, <-w.served)
	})
}

func newWorld(t *testing.T, cfg Config, opts ...Option) *world {
	if cfg.ID == "" {
		cfg.ID = "a"
	}
	p := &pipes{}
	s, err := New(cfg, append(opts, WithListen(p.Listen))...)
	require.NoError(t, err)
	require.NoError(t, s.Listen())
	return &world{Server: s, t: t, pipes: p, client: &http.Client{Transport: &http.Transport{DialContext: p.Dial}}}
}

func (w *world) start() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.served = stop, make(chan error, 1)
	go func() { w.served <- w.Serve(ctx) }()
	synctest.Wait()
}

type reply struct {
	status int
	body   string
	err    error
}

func (w *world) get(path string) reply { return w.do(context.Background(), "GET", path, "") }

func (w *world) do(ctx context.Context, method, path, body string) reply {
	req, err := http.NewRequestWithContext(ctx, method, "http://a"+path, strings.NewReader(body))
	require.NoError(w.t, err)
	resp, err := w.client.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, string(b), err}
}

// begin sends a request and returns once nothing moves any more; its reply arrives later.
func (w *world) begin(ctx context.Context, path string) <-chan reply {
	c := make(chan reply, 1)
	go func() { c <- w.do(ctx, "GET", path, "") }()
	synctest.Wait()
	return c
}
