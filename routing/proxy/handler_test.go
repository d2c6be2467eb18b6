package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
)

func TestRequestsArriveAsSent(t *testing.T) {
	up := upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, "%s %s %s %d %v %s", r.Method, r.RequestURI, r.Host, r.ContentLength, r.TransferEncoding, b)
	})
	for _, prefix := range []string{"", "/base"} {
		g := newRig(t, Config{}, up+prefix)
		host := strings.TrimPrefix(g.url, "http://")
		for _, tc := range []struct{ method, uri, send, want string }{
			{"GET", "/", "", "0 [] "},
			{"GET", "/a%2Fb//c/../d?q=1;x=%zz&q=2&&a=b%20c+d", "", "0 [] "},
			{"GET", "/x?", "", "0 [] "},
			{"GET", "//double", "", "0 [] "},
			{"DELETE", "/thing", "", "0 [] "},
			{"PROPFIND", "/dav", "<xml/>", "6 [] <xml/>"},
			{"POST", "/form", "a=1", "3 [] a=1"},
			{"PUT", "/chunked", "chunked:abc", "-1 [chunked] abc"},
			{"GET", "/get-with-body", "xyz", "3 [] xyz"},
			{"OPTIONS", "/o", "", "0 [] "},
		} {
			t.Run(prefix+tc.method+tc.uri, func(t *testing.T) {
				headers := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(tc.send), tc.send)
				if chunk, ok := strings.CutPrefix(tc.send, "chunked:"); ok {
					headers = fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(chunk), chunk)
				}
				_, r := g.raw(tc.method + " " + tc.uri + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers)
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				require.Equal(t, 202, res.StatusCode)
				require.Equal(t, "s1", res.Header.Get(ServedByHeader))
				require.Equal(t, tc.method+" "+prefix+tc.uri+" "+host+" "+tc.want, body(t, res))
				x := g.exchange()
				require.Equal(t, 202, x.Status)
				require.Equal(t, 1, x.Attempts)
				require.Equal(t, "s1", x.ServerID)
				require.Equal(t, "first_free", x.Policy)
				require.True(t, x.Outcome.Measured())
			})
		}
	}
}

func TestResponsesArriveAsSent(t *testing.T) {
	for name, raw := range map[string]string{
		"length":            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"chunked":           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"until close":       "HTTP/1.0 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"redirect":          "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere/\r\nContent-Length: 3\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"server's own 5xx":  "HTTP/1.1 503 Busy\r\nContent-Length: 3\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"hop by hop":        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Authenticate: x\r\nUpgrade: h2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"compressed stays":  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
		"made-up served-by": "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Served-By: me\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
				_, _ = http.ReadRequest(r)
				_, _ = io.WriteString(c, raw)
			}))
			res, err := g.client.Get(g.url)
			require.NoError(t, err)
			require.Equal(t, "abc", body(t, res))
			require.Equal(t, []string{"a=1", "b=2"}, res.Header["Set-Cookie"])
			require.Equal(t, []string{"s1"}, res.Header[ServedByHeader])
			require.NotContains(t, res.Header, "Content-Type", "none was sent, none is guessed")
			for _, h := range []string{"Connection", "X-Hop", "Keep-Alive", "Proxy-Authenticate", "Upgrade"} {
				require.NotContains(t, res.Header, h)
			}
			require.Equal(t, res.StatusCode, g.exchange().Outcome.Status)
		})
	}
}

func TestBodilessResponses(t *testing.T) {
	up := upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/304" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Length", "12345")
	})
	g := newRig(t, Config{}, up)
	res, err := g.client.Head(g.url)
	require.NoError(t, err)
	require.EqualValues(t, 12345, res.ContentLength)
	res, err = g.client.Get(g.url + "/304")
	require.NoError(t, err)
	require.Equal(t, 304, res.StatusCode)
	require.Empty(t, body(t, res))
}

func TestStreamingReachesTheClientAtOnce(t *testing.T) {
	for _, contentType := range []string{"text/event-stream; charset=utf-8", "application/octet-stream"} {
		t.Run(contentType, func(t *testing.T) {
			next, end := make(chan struct{}), make(chan struct{})
			g := newRig(t, Config{RequestTimeout: time.Minute}, upstreamOf(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", contentType)
				w.(http.Flusher).Flush()
				for i := range 3 {
					<-next
					_, _ = fmt.Fprintf(w, "data: %d\n", i)
					w.(http.Flusher).Flush()
				}
				<-end
			}))
			if !strings.HasPrefix(contentType, "text/event") {
				go func() { next <- struct{}{} }() // its header comes with the first data
			}
			res, err := g.client.Get(g.url)
			require.NoError(t, err)
			lines := bufio.NewReader(res.Body)
			for i := range 3 {
				if i > 0 || strings.HasPrefix(contentType, "text/event") {
					next <- struct{}{}
				}
				line, err := lines.ReadString('\n')
				require.NoError(t, err)
				require.Equal(t, fmt.Sprintf("data: %d\n", i), line)
			}
			require.Equal(t, 1, g.pool.Status()[0].InFlight)
			close(end)
			require.Empty(t, body(t, &http.Response{Body: io.NopCloser(lines)}))
			require.True(t, g.exchange().Outcome.Measured())
		})
	}
}

// An upstream that answers while it reads must get the whole upload: the library's server would
// swallow what is left of it when the response begins.
func TestBothDirectionsAtOnce(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		buf := make([]byte, 100)
		for {
			n, err := r.Body.Read(buf)
			_, _ = w.Write(buf[:n])
			w.(http.Flusher).Flush()
			if err != nil {
				return
			}
		}
	}))
	pr, pw := io.Pipe()
	started := make(chan struct{})
	go func() {
		_, _ = io.WriteString(pw, "0\n")
		<-started
		for i := 1; i < 50; i++ {
			_, _ = fmt.Fprintf(pw, "%d\n", i)
		}
		_ = pw.Close()
	}()
	res, err := g.client.Post(g.url, "text/plain", pr)
	require.NoError(t, err)
	close(started)
	require.Len(t, strings.Split(strings.TrimSpace(body(t, res)), "\n"), 50)
}

func TestTrailersBothWays(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/announced" {
			w.Header().Set("Trailer", "X-Sum")
		}
		_, _ = io.WriteString(w, "hello")
		if r.URL.Path == "/announced" {
			w.Header().Set("X-Sum", r.Trailer.Get("X-Sent"))
		} else {
			w.Header().Set(http.TrailerPrefix+"X-Sum", r.Trailer.Get("X-Sent"))
			w.(http.Flusher).Flush()
		}
	}))
	for _, path := range []string{"/announced", "/not"} {
		t.Run(path, func(t *testing.T) {
			_, r := g.raw("POST " + path + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sent\r\n\r\n1\r\na\r\n0\r\nX-Sent: 42\r\n\r\n")
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, "hello", body(t, res))
			require.Equal(t, "42", res.Trailer.Get("X-Sum"))
		})
	}
}

func TestEarlyHintsArePassedOn(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.WriteHeader(http.StatusOK)
	}))
	_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	all, err := io.ReadAll(r)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(all), "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n"), "%s", all)
	require.Equal(t, 1, strings.Count(string(all), "Link:"))
}

// A body that is asked for is asked for by another goroutine than the one that passes hints on: with both, one
// would write into the other's line.
func TestEarlyHintsDoNotMeetTheAskingForABody(t *testing.T) {
	g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		if req, err := http.ReadRequest(r); err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
			_, _ = io.Copy(io.Discard, req.Body)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		}
	}))
	c, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
	for _, status := range []int{100, 200} {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, status, res.StatusCode)
		if status == 100 {
			_, err = io.WriteString(c, "hello")
			require.NoError(t, err)
		}
	}
}

func TestExpectContinue(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	c, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
	line, err := r.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
	_, err = io.WriteString(c, "ok")
	require.NoError(t, err)
	all, err := io.ReadAll(r)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(all), "\r\n\r\nok"), "%s", all)
	require.Equal(t, 1, strings.Count("HTTP/1.1 100"+string(all), "HTTP/1.1 100"))
}

func TestOwnHealthPath(t *testing.T) {
	g := newRig(t, Config{HealthPath: "/health", Strategy: func() string { return "rl" }}, deadUpstream(t), deadUpstream(t))
	res, err := g.client.Get(g.url + "/health")
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode)
	require.JSONEq(t, `{"status":"healthy","routing_strategy":"rl","servers_count":2}`, body(t, res))
	for range 2 {
		for i := range 2 {
			g.pool.Polled(i, routing.Poll{})
		}
	}
	res, err = g.client.Get(g.url + "/health")
	require.NoError(t, err)
	require.Equal(t, 503, res.StatusCode)
	require.JSONEq(t, `{"status":"unhealthy","routing_strategy":"rl","servers_count":2}`, body(t, res))

	proxied := newRig(t, Config{}, upstreamOf(t, answerWith(200, "theirs")))
	res, err = proxied.client.Get(proxied.url + "/health")
	require.NoError(t, err)
	require.Equal(t, "theirs", body(t, res))
}

func TestWhatIsForNoServerIsReported(t *testing.T) {
	g := newRig(t, Config{HealthPath: "/health"}, deadUpstream(t))
	for request, want := range map[string]int{
		"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n": 405,
		"GET ftp://example.com/ HTTP/1.1\r\nHost: h\r\n\r\n":                400,
	} {
		_, r := g.raw(request)
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, want, res.StatusCode)
		n := len(body(t, res))
		x := g.exchange()
		require.Equal(t, want, x.Status)
		require.EqualValues(t, n, x.Bytes)
		require.Equal(t, policy.NoServer, x.Server)
		require.Zero(t, x.Attempts)
		require.False(t, x.Outcome.Failed() || x.Outcome.Cancelled || x.Outcome.Measured(), "neither a server's failure nor a service time")
	}
	res, err := g.client.Get(g.url + "/health")
	require.NoError(t, err)
	_ = body(t, res)
	require.Empty(t, g.exchanges, "questions after our own health are no traffic")
}

// The last answers of a connection say so: one that is closed while idle may be closed under a
// request that is on its way, and a POST cannot be sent again.
func TestDrainingEndsConnections(t *testing.T) {
	up := upstreamOf(t, answerWith(200, "ok"))
	g := newRig(t, Config{HealthPath: "/health"}, up)
	for _, path := range []string{"/", "/health"} {
		res, err := g.client.Get(g.url + path)
		require.NoError(t, err)
		require.False(t, res.Close)
		_ = body(t, res)
	}
	g.handler.Drain()
	for _, path := range []string{"/", "/health"} {
		res, err := g.client.Get(g.url + path)
		require.NoError(t, err)
		require.True(t, res.Close, path)
		_ = body(t, res)
	}
}
