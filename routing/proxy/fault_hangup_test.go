package proxy

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
)

// fickle is a server that answers the first request of each connection, when so many have come at once,
// and hangs up on every later one.
func fickle(t *testing.T, atOnce int, wrap func(net.Listener) net.Listener) (addr string, hungUpOn *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	hungUpOn = &atomic.Int64{}
	var all, first sync.WaitGroup
	first.Add(atOnce)
	var conns atomic.Int64
	wrapped := wrap(l)
	all.Go(func() {
		for {
			c, err := wrapped.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = c.Close() }()
				r := bufio.NewReader(c)
				for n := 0; ; n++ {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, req.Body)
					if n > 0 || conns.Add(1) > int64(atOnce) {
						hungUpOn.Add(1)
						return
					}
					first.Done()
					first.Wait()
					_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String(), hungUpOn
}

// One request of a client is no more upstream requests than max_attempts, whatever the server does and
// whichever half sends it, and all of them are counted.
func TestFaultHangUpOnKeptConnections(t *testing.T) {
	const conns = 30
	expect := "Expect: 100-continue\r\n"
	for name, tc := range map[string]struct {
		request  string // line and header of it, without the end
		body     string
		attempts int // as many as max_attempts at most
		secure   bool
		warm     string // takes the same half
	}{
		"GET":                             {request: "GET / HTTP/1.1\r\n", attempts: 3},
		"GET over TLS":                    {request: "GET / HTTP/1.1\r\n", attempts: 3, secure: true},
		"GET that expects":                {request: "GET / HTTP/1.1\r\n" + expect, attempts: 3, warm: expect},
		"DELETE over TLS":                 {request: "DELETE / HTTP/1.1\r\n", attempts: 3, secure: true},
		"PUT over TLS":                    {request: "PUT / HTTP/1.1\r\nContent-Length: 2\r\n", body: "hi", attempts: 3, secure: true},
		"upgrade over TLS":                {request: "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n", attempts: 2, secure: true},
		"POST":                            {request: "POST / HTTP/1.1\r\nContent-Length: 2\r\n", body: "hi", attempts: 1},
		"POST over TLS":                   {request: "POST / HTTP/1.1\r\nContent-Length: 2\r\n", body: "hi", attempts: 1, secure: true},
		"POST with a key":                 {request: "POST / HTTP/1.1\r\nContent-Length: 0\r\nIdempotency-Key: 1\r\n", attempts: 1},
		"POST with a key over TLS":        {request: "POST / HTTP/1.1\r\nContent-Length: 0\r\nIdempotency-Key: 1\r\n", attempts: 1, secure: true},
		"POST with another key, expected": {request: "POST / HTTP/1.1\r\nContent-Length: 0\r\nX-Idempotency-Key: 1\r\n" + expect, attempts: 1, warm: expect},
	} {
		for _, most := range []int{1, 3} {
			t.Run(name, func(t *testing.T) {
				noLeaks(t)
				wrap, scheme := func(l net.Listener) net.Listener { return l }, "http://"
				if tc.secure {
					donor := httptest.NewTLSServer(http.NotFoundHandler())
					cert := donor.TLS.Certificates
					donor.Close()
					wrap, scheme = func(l net.Listener) net.Listener { return tls.NewListener(l, &tls.Config{Certificates: cert}) }, "https://"
				}
				var urls []string
				var hungUpOn []*atomic.Int64
				for _, atOnce := range []int{conns, 0, 0} {
					addr, n := fickle(t, atOnce, wrap)
					urls, hungUpOn = append(urls, scheme+addr), append(hungUpOn, n)
				}
				retry := routing.DefaultRetryConfig()
				retry.MaxAttempts = most
				g := newRig(t, Config{Retry: retry, UpstreamTLS: &tls.Config{InsecureSkipVerify: true}}, urls...)
				var warm sync.WaitGroup
				for range conns { // at the first server, which the policy prefers
					_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\n" + tc.warm + "\r\n")
					warm.Go(func() {
						if res, err := http.ReadResponse(r, nil); err == nil {
							_, _ = io.Copy(io.Discard, res.Body)
						}
					})
				}
				warm.Wait()
				for range conns {
					require.Equal(t, 200, g.exchange().Status)
				}

				line, rest, _ := strings.Cut(tc.request, "\r\n")
				_, r := g.raw(line + "\r\nHost: h\r\n" + rest + "\r\n" + tc.body)
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				if res.StatusCode == http.StatusContinue {
					res, err = http.ReadResponse(r, nil)
					require.NoError(t, err)
				}
				_ = body(t, res)
				x := g.exchange()
				seen := 0
				for _, n := range hungUpOn {
					seen += int(n.Load())
				}
				require.Equal(t, min(tc.attempts, most), x.Attempts)
				require.Equal(t, x.Attempts, seen, "as the servers saw it")
			})
		}
	}
}
