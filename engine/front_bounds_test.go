package engine

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/routing/proxy/h2test"
)

// What the library answers by itself is bounded as what we answer is: nobody holds a place for ever by a body
// that never comes.
func TestABodyThatNeverComesEndsWhoeverAnswers(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.ClientLimits.BodyTimeout = 50 * time.Millisecond
	cfg.LoadBalancer.ClientLimits.IdleTimeout = time.Hour
	cfg.LoadBalancer.ClientLimits.Connections = 1
	e := start(t, cfg, Options{ServeOnly: true})
	for request, status := range map[string]int{
		"OPTIONS * HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n":                     200,
		"OPTIONS * HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n":             200,
		"POST / HTTP/1.1\r\nHost: h\r\nExpect: foo\r\nContent-Length: 10\r\n\r\n":         417,
		"POST / HTTP/1.1\r\nHost: h\r\nExpect: foo\r\nTransfer-Encoding: chunked\r\n\r\n": 417,
		"CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n":                   405,
		"POST /health HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n":                  200,
		"POST /#x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n":                      400,
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n":                        408,
	} {
		c, err := net.Dial("tcp", e.Addr()) // which waits for the place of the one before
		require.NoError(t, err)
		require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
		_, err = io.WriteString(c, request)
		require.NoError(t, err)
		r := bufio.NewReader(c)
		res, err := http.ReadResponse(r, nil)
		for err == nil && res.StatusCode == 100 {
			res, err = http.ReadResponse(r, nil)
		}
		require.NoError(t, err, request)
		require.Equal(t, status, res.StatusCode, request)
		_, err = io.Copy(io.Discard, r)
		require.False(t, timedOut(err), request)
		require.NoError(t, c.Close())
	}
}

// A response that takes longer than a body may is a matter of other limits.
func TestAResponseMayTakeLongerThanABody(t *testing.T) {
	cfg := serveConfig(upstream(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(60 * time.Millisecond):
		case <-r.Context().Done():
		}
	}))
	cfg.LoadBalancer.ClientLimits.BodyTimeout = 10 * time.Millisecond
	e := start(t, cfg, Options{ServeOnly: true})
	for name, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2":   func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		res, _ := get(t, client(t, nil, set), "http://"+e.Addr())
		require.Equal(t, 200, res.StatusCode, name)
	}
}

// The last few KB of a response wait in the library when its handler has returned: for as long as any other.
func TestStreamsWithoutAWindowAreReset(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.ClientLimits.SendTimeout = 50 * time.Millisecond
	cfg.LoadBalancer.ClientLimits.IdleTimeout = 50 * time.Millisecond
	e := start(t, cfg, Options{ServeOnly: true})
	c := h2test.Dial(t, e.Addr(), h2test.NoWindow)
	const streams = 50
	for i := range uint32(streams) {
		c.Get(2*i+1, "/")
	}
	reset := map[uint32]bool{}
	for len(reset) < streams {
		f, err := c.Receive()
		require.NoError(t, err)
		require.NotEqual(t, byte(h2test.Data), f.Kind, "there is no window")
		if f.Kind == h2test.Reset {
			reset[f.Stream] = true
		}
	}
	_, err := io.Copy(io.Discard, c)
	require.False(t, timedOut(err), "without streams it is idle, and ends")
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[0].InFlight == 0 })
}
