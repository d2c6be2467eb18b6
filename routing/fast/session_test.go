package fast_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/routing"
	"slbtui/routing/fast"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
	"slbtui/routing/proxy"
)

// Most of what a session does is tested in package proxy, whose tests run over it as over the library.

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a session before one server.
type stage struct {
	*fast.Session
	client net.Conn
	pool   *routing.Pool
	seen   chan proxy.Exchange
	rest   chan fast.Rest
	panics chan any
}

func newStage(t *testing.T, p policy.Policy, server http.HandlerFunc, change func(*proxy.Config, *fast.Client)) *stage {
	up := httptest.NewServer(server)
	t.Cleanup(up.Close)
	u, err := url.Parse(up.URL)
	require.NoError(t, err)
	s := &stage{seen: make(chan proxy.Exchange, 10), rest: make(chan fast.Rest, 1), panics: make(chan any, 1)}
	s.pool, err = routing.NewPool([]routing.UpstreamConfig{{ID: "s1", URL: u}}, routing.HealthConfig{})
	require.NoError(t, err)
	cfg := proxy.Config{Pool: s.pool, Router: routing.NewRouter(s.pool, p), Retry: routing.DefaultRetryConfig(), Observe: func(x proxy.Exchange) { s.seen <- x }}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.client, err = net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	c, err := l.Accept()
	require.NoError(t, err)
	require.NoError(t, l.Close())
	socket, err := c.(syscall.Conn).SyscallConn()
	require.NoError(t, err)
	to := fast.Client{Conn: c, Socket: socket, Addr: "127.0.0.1"}
	change(&cfg, &to)
	h := proxy.New(cfg)
	s.Session = fast.NewSession(to, func() *proxy.Handler { return h })
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				s.panics <- v
				_ = c.Close()
			}
		}()
		s.rest <- s.Serve()
	}()
	t.Cleanup(func() {
		_, _ = s.client.Close(), c.Close()
		<-done
		h.Close()
	})
	require.NoError(t, s.client.SetDeadline(time.Now().Add(30*time.Second)))
	return s
}

func asIs(*proxy.Config, *fast.Client) {}

func (s *stage) say(t *testing.T, text string) {
	_, err := io.WriteString(s.client, text)
	require.NoError(t, err)
}

func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

func TestWhatComesSlowlyIsHandedOverWithAllThatHasCome(t *testing.T) {
	for _, said := range []string{"GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab"} {
		s := newStage(t, &policytest.FirstFree{}, ok, asIs)
		s.say(t, get)
		res, err := http.ReadResponse(bufio.NewReader(s.client), nil)
		require.NoError(t, err)
		require.Equal(t, "s1", res.Header.Get("X-Served-By"))
		require.NotEmpty(t, res.Header.Get("Date"))
		<-s.seen
		s.say(t, said)
		rest := <-s.rest
		require.Equal(t, said, string(rest.Read))
		require.False(t, rest.Over)
	}
}

func TestManySmallPiecesAreNotReadOverAndOver(t *testing.T) {
	s := newStage(t, &policytest.FirstFree{}, ok, asIs)
	for i := range get {
		s.say(t, get[i:i+1])
		<-time.After(time.Millisecond)
		select {
		case rest := <-s.rest:
			require.Less(t, i, len(get)-1)
			require.True(t, strings.HasPrefix(get, string(rest.Read)))
			return
		default:
		}
	}
	require.Fail(t, "it is still served here")
}

func TestAnIdleSessionEndsWhenAskedTo(t *testing.T) {
	s := newStage(t, &policytest.FirstFree{}, ok, asIs)
	require.False(t, s.Idle(), "its request may be on the way")
	s.say(t, get)
	res, err := http.ReadResponse(bufio.NewReader(s.client), nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	require.Eventually(t, s.Idle, 10*time.Second, time.Millisecond)
	require.True(t, (<-s.rest).Over)
}

func TestASilentClientIsClosed(t *testing.T) {
	s := newStage(t, &policytest.FirstFree{}, ok, func(_ *proxy.Config, c *fast.Client) { c.HeaderTimeout = 10 * time.Millisecond })
	require.True(t, (<-s.rest).Over)
	s = newStage(t, &policytest.FirstFree{}, ok, func(_ *proxy.Config, c *fast.Client) { c.IdleTimeout = 10 * time.Millisecond })
	s.say(t, get)
	require.True(t, (<-s.rest).Over)
}

// panicking is a policy that does.
type panicking struct {
	policytest.FirstFree
	in string
}

func (p *panicking) Pick(v policy.View) (int, policy.Token) {
	if p.in == "Pick" {
		panic("policy")
	}
	return p.FirstFree.Pick(v)
}

func (p *panicking) Done(t policy.Token, o policy.Outcome) {
	p.FirstFree.Done(t, o)
	if p.in == "Done" {
		panic("policy")
	}
}

func TestAPolicysPanicEndsOneExchange(t *testing.T) {
	for _, in := range []string{"Pick", "Done"} {
		s := newStage(t, &panicking{in: in}, ok, asIs)
		s.say(t, get)
		require.Equal(t, "policy", <-s.panics)
		require.NotZero(t, (<-s.seen).Status)
		require.Zero(t, s.pool.Status()[0].InFlight)
	}
}

// An answer that is larger than any buffer, in chunks and with a length, arrives whole; so does a body of the
// largest size that is taken here.
func TestLargeMessages(t *testing.T) {
	for _, n := range []int{0, 1, 16 << 10, 64 << 10, 300_000} {
		body := strings.Repeat("0123456789", n/10+1)[:n]
		for _, framing := range []string{"length", "chunks", "pieces"} {
			s := newStage(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
				sent, _ := io.ReadAll(r.Body)
				w.Header().Set("X-Sent", fmt.Sprint(len(sent)))
				switch framing {
				case "length":
					w.Header().Set("Content-Length", fmt.Sprint(n))
					_, _ = io.WriteString(w, body)
				case "chunks":
					w.(http.Flusher).Flush()
					_, _ = io.WriteString(w, body)
				default:
					for piece := body; len(piece) > 0; {
						k := min(len(piece), 5000)
						_, _ = io.WriteString(w, piece[:k])
						w.(http.Flusher).Flush()
						piece = piece[k:]
					}
				}
			}, asIs)
			s.say(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 32768\r\n\r\n"+strings.Repeat("x", 32<<10)+get)
			r := bufio.NewReader(s.client)
			for _, sent := range []string{"32768", "0"} {
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				got, err := io.ReadAll(res.Body)
				require.NoError(t, err)
				require.Equal(t, body, string(got))
				require.Equal(t, sent, res.Header.Get("X-Sent"))
				require.Equal(t, int64(n), (<-s.seen).Bytes)
			}
		}
	}
}
