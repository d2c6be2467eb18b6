//go:build linux

package loop

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"slbtui/routing/policy/policytest"
	"slbtui/routing/proxy"
)

// some is a body of n bytes that no mistake leaves the same.
func some(n int) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(p)
	return p
}

// narrow accepts connections that take little of what they are sent.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		return nil, err
	}
	return c, raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, 8<<10) })
}

// A body comes whole, whatever its length, in whatever pieces the server sends it and the client takes it.
func TestBodiesPassThroughALoop(t *testing.T) {
	wide := func(l net.Listener) net.Listener { return l }
	for _, over := range []func(net.Listener) net.Listener{wide, func(l net.Listener) net.Listener { return narrow{l} }} {
		passBodies(t, over)
	}
}

func passBodies(t *testing.T, over func(net.Listener) net.Listener) {
	body := some(1 << 20)
	lengths := []int{1, 16<<10 - 1, 16 << 10, 16<<10 + 1, 100_000, 64 << 10, 400_000, 1 << 20}
	g := newRigOver(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		var n, piece int
		if _, err := fmt.Sscanf(r.URL.Path, "/said/%d/%d", &n, &piece); err == nil {
			w.Header().Set("Content-Length", fmt.Sprint(n))
		} else {
			_, _ = fmt.Sscanf(r.URL.Path, "/chunked/%d/%d", &n, &piece)
		}
		for sent := 0; sent < n; sent += piece {
			_, _ = w.Write(body[sent:min(n, sent+piece)])
			_ = http.NewResponseController(w).Flush()
		}
		w.Header().Set(http.TrailerPrefix+"X-End", "here")
	}, over)
	c := g.dial(t)
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	r := bufio.NewReaderSize(c, 16)
	for _, piece := range []int{777, 60_000, 1 << 20} {
		var ask strings.Builder
		for _, n := range lengths {
			for _, kind := range []string{"said", "chunked"} {
				fmt.Fprintf(&ask, "GET /%s/%d/%d HTTP/1.1\r\nHost: h\r\n\r\n", kind, n, piece)
			}
		}
		_, err := io.WriteString(c, ask.String()) // all at once
		require.NoError(t, err)
		for i := range 2 * len(lengths) {
			n := lengths[i/2]
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err, "%d: %d in %d, handed %d", i, n, piece, g.handed.Load())
			got, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.True(t, bytes.Equal(body[:n], got), "%d bytes in pieces of %d", n, piece)
			if i%2 == 1 {
				require.Equal(t, "here", res.Trailer.Get("X-End"))
			}
		}
	}
	require.Zero(t, g.handed.Load())
	require.Eventually(t, func() bool { return g.inFlight() == 0 }, 30*time.Second, time.Millisecond)
}

func (g *rig) inFlight() int { return g.pool.Status()[0].InFlight }

// A body that breaks off ends the connection, for its client could not tell.
func TestABodyThatBreaksOff(t *testing.T) {
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/broken" {
			return
		}
		w.Header().Set("Content-Length", "100000")
		_, _ = w.Write(make([]byte, 50_000))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	c := g.dial(t)
	ask(t, c, "/") // leaves a connection to the server, which a loop takes
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	_, err := io.WriteString(c, "GET /broken HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, res.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.EqualValues(t, 50_000, n)
	require.Eventually(t, func() bool { return g.inFlight() == 0 }, 30*time.Second, time.Millisecond)
}

// What a server sends behind a long body is nobody's answer, be it there at once or later.
func TestAServerThatSendsMoreThanItSaid(t *testing.T) {
	for _, length := range []int{100, 100_000} {
		g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/more" {
				path(w, r)
				return
			}
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				evil := "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
				_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s", length, strings.Repeat("x", length), evil)
				_, _ = io.Copy(io.Discard, c) // until the balancer hangs up
				_ = c.Close()
			}
		})
		c := g.dial(t)
		for range 3 {
			ask(t, c, "/")
			_, body := ask(t, c, "/more")
			require.Equal(t, strings.Repeat("x", length), body)
			_, body = ask(t, c, "/mine")
			require.Equal(t, "/mine", body)
		}
		g.stop()
	}
}

// A client that leaves in the middle of a body gives its place at the server back.
func TestAClientThatLeavesInTheMiddle(t *testing.T) {
	more := make(chan struct{})
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/endless" {
			return
		}
		w.Header().Set("Content-Length", "300000")
		_, _ = w.Write(make([]byte, 100_000))
		_ = http.NewResponseController(w).Flush()
		<-more
	})
	defer close(more)
	for _, takes := range []int{0, 100_000} {
		c := g.dial(t)
		ask(t, c, "/")
		_, err := io.WriteString(c, "GET /endless HTTP/1.1\r\nHost: h\r\n\r\n")
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, c, int64(takes+1))
		require.NoError(t, err)
		require.NoError(t, c.Close())
		require.Eventually(t, func() bool { return g.inFlight() == 0 }, 30*time.Second, time.Millisecond)
	}
}

// The time that a client is waited for is that, whether or not it takes all that it is sent at once.
func TestTheTimeOfAClientThatTakesALongBody(t *testing.T) {
	body := some(300_000)
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/long" {
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		for at := 0; at < len(body); at += 50_000 {
			_, _ = w.Write(body[at : at+50_000])
			_ = http.NewResponseController(w).Flush()
		}
	})
	c := g.dial(t)
	ask(t, c, "/")
	for range 5 {
		g.last.Store(nil)
		begun := time.Now()
		_, got := ask(t, c, "/long")
		require.Len(t, got, len(body))
		var x *proxy.Exchange
		require.Eventually(t, func() bool { x = g.last.Load(); return x != nil }, 30*time.Second, time.Millisecond)
		require.EqualValues(t, len(body), x.Bytes)
		require.LessOrEqual(t, x.Waited, time.Since(begun))
		require.GreaterOrEqual(t, x.Waited, time.Duration(0))
	}
}

// A client that is idle keeps none of the buffers by which it got its last answer: of those there are a few, of
// clients many.
func TestAnIdleClientKeepsNoBuffer(t *testing.T) {
	const many, length = 40, 200_000
	body := some(length)
	g := newRig(t, &policytest.FirstFree{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			w.Header().Set("Content-Length", fmt.Sprint(length))
			_, _ = w.Write(body)
		}
	})
	heap := func() int {
		for range 3 { // so that pools are empty
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	clients := make([]net.Conn, many)
	for i := range clients {
		clients[i] = g.dial(t)
		ask(t, clients[i], "/")
	}
	before := heap()
	for _, c := range clients {
		ask(t, c, "/long")
		heap()
	}
	require.Less(t, (heap()-before)/many, 32<<10)
}
