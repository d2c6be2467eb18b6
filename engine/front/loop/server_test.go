//go:build linux

package loop

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/front/stream"
	"slbtui/routing"
	"slbtui/routing/fast"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
	"slbtui/routing/proxy"
	"slbtui/routing/unpolled"
)

// What a client sees of a front is tested in packages engine and hostile, over each.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a loop server before one server.
type rig struct {
	*Server
	address string
	pool    *routing.Pool
	handed  atomic.Int64
	last    atomic.Pointer[proxy.Exchange] // that has ended
	stop    func()                         // waits for nobody
}

func newRig(t *testing.T, p policy.Policy, server http.HandlerFunc) *rig {
	return newRigOver(t, p, server, func(l net.Listener) net.Listener { return l })
}

// newRigOver has its clients come over the listener that over makes.
func newRigOver(t *testing.T, p policy.Policy, server http.HandlerFunc, over func(net.Listener) net.Listener) *rig {
	up := httptest.NewServer(server)
	u, err := url.Parse(up.URL)
	require.NoError(t, err)
	pool, err := routing.NewPool([]routing.UpstreamConfig{{ID: "s1", URL: u}}, routing.HealthConfig{})
	require.NoError(t, err)
	g := &rig{pool: pool}
	h := proxy.New(proxy.Config{
		Pool: pool, Router: routing.NewRouter(pool, p), Retry: routing.DefaultRetryConfig(), HealthPath: "/health",
		Observe: func(x proxy.Exchange) { g.last.Store(&x) },
	})
	g.Server, err = New(stream.Options{Current: func() *proxy.Handler { return h }, HandOver: func(c net.Conn, rest fast.Rest) {
		g.handed.Add(1)
		_ = rest.Conn(c).Close()
	}})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l, err = unpolled.Listen(l)
	require.NoError(t, err)
	l = over(l)
	g.address = l.Addr().String()
	accepted := make(chan error, 1)
	go func() { accepted <- g.Serve(l) }()
	now, cancel := context.WithCancel(context.Background())
	cancel()
	g.stop = func() {
		if l.Close() == nil {
			<-accepted
			g.Shutdown(now)
		}
	}
	t.Cleanup(func() {
		g.stop()
		h.Close()
		up.Close()
	})
	return g
}

// ask sends a request over a connection, and reads the answer.
func ask(t *testing.T, c net.Conn, path string) (*http.Response, string) {
	t.Helper()
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

func (g *rig) dial(t *testing.T) net.Conn {
	c, err := net.Dial("tcp", g.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func path(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow":
		<-time.After(2 * patience)
	case "/large":
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
	}
	_, _ = io.WriteString(w, r.URL.Path)
}

// A connection goes to a goroutine and comes back, with what was sent behind its request.
func TestWhatTakesItsTimeComesBack(t *testing.T) {
	g := newRig(t, &policytest.FirstFree{}, path)
	c := g.dial(t)
	for _, p := range []string{"/a", "/slow", "/b", "/large", "/c"} {
		_, body := ask(t, c, p)
		require.True(t, strings.HasSuffix(body, p))
	}
	_, err := io.WriteString(c, strings.Repeat("GET /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /d HTTP/1.1\r\nHost: h\r\n\r\n", 2))
	require.NoError(t, err)
	r := bufio.NewReader(c)
	for _, p := range []string{"/slow", "/d", "/slow", "/d"} {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, p, string(body))
	}
	require.Zero(t, g.handed.Load())
}

// panicking is a policy that does, now and then.
type panicking struct {
	policytest.FirstFree
	on atomic.Bool
}

func (p *panicking) Pick(v policy.View) (int, policy.Token) {
	if p.on.Load() {
		panic("policy")
	}
	return p.FirstFree.Pick(v)
}

func TestAPolicysPanicEndsOneExchange(t *testing.T) {
	p := &panicking{}
	g := newRig(t, p, path)
	other, c := g.dial(t), g.dial(t)
	ask(t, other, "/")
	ask(t, c, "/")
	p.on.Store(true)
	_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, c)
	require.NoError(t, err, "it is closed")
	p.on.Store(false)
	_, body := ask(t, other, "/still")
	require.Equal(t, "/still", body)
}

// ending is a policy that panics when a request has ended.
type ending struct {
	policytest.FirstFree
	on atomic.Bool
}

func (e *ending) Done(t policy.Token, o policy.Outcome) {
	if e.on.Load() {
		panic("policy")
	}
	e.FirstFree.Done(t, o)
}

// A policy that panics when a request is cut ends no loop, and so not the process.
func TestAPolicysPanicInTheEndIsSurvived(t *testing.T) {
	p := &ending{}
	arrived, answer := make(chan struct{}), make(chan struct{})
	g := newRig(t, p, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			arrived <- struct{}{}
			<-answer
		}
	})
	defer close(answer)
	c := g.dial(t)
	ask(t, c, "/") // leaves a connection to the server, which a loop takes
	p.on.Store(true)
	_, err := io.WriteString(c, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	<-arrived
	g.stop()
}

// A client that asks for more at once than a loop answers by itself gets it all, in order.
func TestManyAnswersOfOurOwn(t *testing.T) {
	g := newRig(t, &policytest.FirstFree{}, path)
	c := g.dial(t)
	const all = 20 * 64
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c, strings.Repeat("GET /health HTTP/1.1\r\nHost: h\r\n\r\n", all)+"GET /last HTTP/1.1\r\nHost: h\r\n\r\n")
		sent <- err
	}()
	r := bufio.NewReader(c)
	for range all {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, res.StatusCode)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
	}
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "/last", string(body))
	require.NoError(t, <-sent)
}

// What a server sends unasked is nobody's answer.
func TestAServerThatAnswersTwice(t *testing.T) {
	again, sent := make(chan struct{}), make(chan struct{})
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/twice" {
			path(w, r)
			return
		}
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		for _, answer := range []string{"once", "evil"} {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"+answer)
			if answer == "once" {
				<-again
			}
		}
		close(sent)
		<-again
	})
	c := g.dial(t)
	ask(t, c, "/") // leaves a connection to the server, which a loop takes
	_, body := ask(t, c, "/twice")
	require.Equal(t, "once", body)
	again <- struct{}{}
	<-sent
	for range 10 {
		_, body = ask(t, c, "/mine")
		require.Equal(t, "/mine", body)
	}
	again <- struct{}{}
}

func TestShutdownWaitsForRequestsAndClosesIdleClients(t *testing.T) {
	arrived, answer := make(chan struct{}), make(chan struct{})
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			close(arrived)
			<-answer
		}
		path(w, r)
	})
	idle, busy := g.dial(t), g.dial(t)
	ask(t, idle, "/")
	_, err := io.WriteString(busy, "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	<-arrived
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

func TestNothingIsLeftOpen(t *testing.T) {
	warm := newRig(t, &policytest.FirstFree{}, path) // the first of them opens descriptors of the runtime's
	ask(t, warm.dial(t), "/")
	warm.stop()
	before := open(t)
	g := newRig(t, &policytest.FirstFree{}, path)
	for range 20 {
		c := g.dial(t)
		ask(t, c, "/")
		_ = c.Close()
	}
	_, _ = io.WriteString(g.dial(t), "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
	g.stop()
	require.Eventually(t, func() bool { return open(t) <= before+3 }, 30*time.Second, time.Millisecond, "the test's own listener and client are")
}

func open(t *testing.T) int {
	all, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(all)
}

func TestAnEventOfWhoWasThereBeforeIsForNobody(t *testing.T) {
	var s slots
	at, use := s.put("first")
	require.Equal(t, "first", s.get(at, use))
	s.clear(at)
	require.Nil(t, s.get(at, use))
	again, later := s.put("second")
	require.Equal(t, at, again)
	require.Nil(t, s.get(at, use))
	require.Equal(t, "second", s.get(at, later))
}
