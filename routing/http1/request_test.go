package http1

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRequestsOnTheWire(t *testing.T) {
	for name, tc := range map[string]struct {
		r    Request
		want string
	}{
		"plain": {Request{Method: "GET", Host: "h:1", Target: "/a%20b?c=d"}, "GET /a%20b?c=d HTTP/1.1\r\nHost: h:1\r\n\r\n"},
		"headers": {Request{Method: "GET", Host: "h", Target: "/", Header: http.Header{"B": {"2", " 3\t"}}},
			"GET / HTTP/1.1\r\nHost: h\r\nB: 2\r\nB: 3\r\n\r\n"},
		"a body":         {Request{Method: "PUT", Host: "h", Target: "/", Body: []byte("xyz")}, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz"},
		"an empty body":  {Request{Method: "POST", Host: "h", Target: "/"}, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"},
		"the server":     {Request{Method: "OPTIONS", Host: "h", Target: "*"}, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"},
		"no user agent":  {Request{Method: "GET", Host: "h", Target: "/", Header: http.Header{"User-Agent": {""}}}, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
		"its user agent": {Request{Method: "GET", Host: "h", Target: "/", Header: http.Header{"User-Agent": {"x"}}}, "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: x\r\n\r\n"},
		"no second framing": {Request{Method: "GET", Host: "h", Target: "/", Header: http.Header{
			"Host": {"evil"}, "Content-Length": {"9"}, "Transfer-Encoding": {"chunked"}, "Connection": {"close"}, "Trailer": {"x"}}},
			"GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
		"no second line": {Request{Method: "GET", Host: "h", Target: "/", Header: http.Header{"A": {"1\r\nB: 2"}, "C\r\nD": {"3"}}},
			"GET / HTTP/1.1\r\nHost: h\r\nA: 1  B: 2\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
				b := make([]byte, len(tc.want))
				_, _ = io.ReadFull(r, b)
				_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
				rest, _ := io.ReadAll(r)
				got <- string(b) + string(rest)
			})
			g.text(t, &tc.r)
			g.CloseIdleConnections()
			require.Equal(t, tc.want, <-got)
		})
	}
}

func TestTargetsThatWouldEndTheirLine(t *testing.T) {
	g := newRig(t, answering(ok))
	for _, target := range []string{"", "/a b", "/\r\nX: y", "/\t", "/\x7f"} {
		r := get()
		r.Target = target
		_, err := g.Do(context.Background(), r)
		require.ErrorIs(t, err, errTarget)
	}
	r := get()
	r.Method, r.Body = "GET /x HTTP/1.1\r\n", []byte("x")
	_, err := g.Do(context.Background(), r)
	require.ErrorIs(t, err, errTarget)
	require.Zero(t, g.connections(), "nothing is sent, so nothing is waited for")
}

func TestPlain(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(r *http.Request)
		host   string
		n      int64
		want   bool
	}{
		"common":             {nil, "h:80", 0, true},
		"small body":         {nil, "h", MaxBody, true},
		"large body":         {nil, "h", MaxBody + 1, false},
		"unknown length":     {nil, "h", -1, false},
		"upgrade":            {func(r *http.Request) { r.Header.Set("Upgrade", "websocket") }, "h", 0, false},
		"expects":            {func(r *http.Request) { r.Header.Set("Expect", "100-continue") }, "h", 0, false},
		"trailer":            {func(r *http.Request) { r.Trailer = http.Header{"X": nil} }, "h", 0, false},
		"tunnel":             {func(r *http.Request) { r.Method = http.MethodConnect }, "h", 0, false},
		"no host":            {nil, "", 0, false},
		"host with a space":  {nil, "h x", 0, false},
		"host with a line":   {nil, "h\r\nX: y", 0, false},
		"host with a path":   {nil, "h/x", 0, false},
		"host of an address": {nil, "[::1]:80", 0, true},
	} {
		r := &http.Request{Method: http.MethodGet, Header: http.Header{}}
		if tc.change != nil {
			tc.change(r)
		}
		require.Equal(t, tc.want, Plain(r, tc.host, tc.n), name)
	}
}

// A server may turn a body down before it has come.
func TestAnsweredBeforeTheBodyIsThrough(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		_, err := http.ReadRequest(r) // the header only
		if err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			_ = c.CloseWrite()
			_, _ = io.Copy(io.Discard, r)
		}
	})
	r := get()
	r.Method, r.Body = http.MethodPut, []byte(strings.Repeat("x", MaxBody))
	res, _ := g.text(t, r)
	require.Equal(t, 413, res.StatusCode)
	require.Empty(t, g.idle)
}
