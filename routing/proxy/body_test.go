package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/http1"
)

// A small body of any method is there whole before a server is picked: the lean half sends it, once.
func TestSmallBodiesOfAnyMethodAreSentOnce(t *testing.T) {
	for _, method := range []string{"POST", "PATCH", "BREW"} {
		t.Run(method, func(t *testing.T) {
			up, heard := faultyUpstream(t, func(c *net.TCPConn, _ *http.Request) { _ = c.SetLinger(0) })
			g := newRig(t, Config{}, up, up)
			_, r := g.raw(method + " / HTTP/1.1\r\nHost: h\r\nIdempotency-Key: k\r\nContent-Length: 3\r\n\r\nabc")
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, 502, res.StatusCode)
			require.Equal(t, 1, heard.count(""), "it may have been done")
			require.Equal(t, 1, g.exchange().Attempts)
		})
	}
	t.Run("but for one that nobody heard", func(t *testing.T) {
		g := newRig(t, Config{}, deadUpstream(t), upstreamOf(t, echo))
		_, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, "abc", body(t, res))
	})
}

// No server waits for a client that takes its time with a small body.
func TestNoServerWaitsForASmallBody(t *testing.T) {
	arrived := make(chan string, 1)
	g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		line, _ := r.ReadString('\n')
		arrived <- line
		_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	}))
	c, r := g.raw("POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
	status := g.pool.Status()
	require.Zero(t, status[0].InFlight)
	require.Empty(t, arrived)
	_, err := io.WriteString(c, "c")
	require.NoError(t, err)
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, 204, res.StatusCode)
	require.Equal(t, "POST /slow HTTP/1.1\r\n", <-arrived)
}

// What is larger than the lean half takes, or of unknown length, streams.
func TestLargerBodiesStream(t *testing.T) {
	for name, framing := range map[string]string{
		"larger":  fmt.Sprintf("Content-Length: %d\r\n\r\nabc", http1.MaxBody+1),
		"unknown": "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
		"asking":  "Expect: 100-continue\r\nContent-Length: 4\r\n\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
				_ = http.NewResponseController(w).EnableFullDuplex()
				if _, err := io.ReadFull(r.Body, make([]byte, 3)); err == nil {
					w.WriteHeader(http.StatusAccepted) // before the end
				}
			}))
			_, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\n" + framing)
			for {
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				if res.StatusCode != http.StatusContinue {
					require.Equal(t, http.StatusAccepted, res.StatusCode)
					break
				}
			}
		})
	}
}

// A server's own time for a request is for what it answers by itself.
func TestTheServersTimeForARequestIsNotTheBodys(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprint(w, n, err)
	}))
	front := httptest.NewUnstartedServer(g.handler)
	front.Config.ReadTimeout = 20 * time.Millisecond
	front.Start()
	t.Cleanup(front.Close)
	for _, n := range []int{2, http1.MaxBody + 1} {
		c, err := net.Dial("tcp", front.Listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		_, err = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", n, strings.Repeat("a", n-1))
		require.NoError(t, err)
		<-time.After(60 * time.Millisecond) // three times as long
		_, err = io.WriteString(c, "b")
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(n, nil), body(t, res))
	}
}

// The time that a client takes for its body is not the server's, nor part of the time for all attempts.
func TestASlowBodyLeavesTheServersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &exchange{Course: Course{h: &Handler{cfg: Config{TotalTimeout: time.Minute}}, Exchange: Exchange{Start: time.Now(), Attempts: 1}}}
		e.r, _ = http.NewRequest(http.MethodPost, "/", nil)
		e.r.Host, e.r.ContentLength = "h", 3
		client := io.Reader(readerFunc(func(p []byte) (int, error) { time.Sleep(time.Hour); return copy(p, "a"), nil }))
		e.body = &requestBody{rc: client, request: e.r, client: &e.client}
		require.Zero(t, e.takeBody().status)
		require.Equal(t, "aaa", string(e.kept))
		left, _ := e.Limit()
		require.Equal(t, time.Minute, left)
		require.False(t, e.outOfTime())
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func BenchmarkPost(b *testing.B) {
	up := upstreamOf(b, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	g := newRig(b, Config{ConnectTimeout: time.Second, RequestTimeout: 30 * time.Second, Body: BodyLimits{Timeout: 30 * time.Second}}, up)
	g.handler.cfg.Observe = nil
	b.ReportAllocs()
	for b.Loop() {
		res, err := g.client.Post(g.url, "application/json", strings.NewReader(`{"hello":"world"}`))
		require.NoError(b, err)
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
}
