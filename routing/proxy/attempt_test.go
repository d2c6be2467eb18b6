package proxy

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// A connection that isn't made in time was not made: another server gets the request, whatever its
// method. The poller's word for it is the same as for a response that doesn't come.
func TestConnectTimeoutIsNotTheHeaders(t *testing.T) {
	good := upstreamOf(t, answerWith(200, "ok"))
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "127.0.0.1:1" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: os.ErrDeadlineExceeded}
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}
	g := newRig(t, Config{Dial: dial, RequestTimeout: time.Minute}, "http://127.0.0.1:1", good)
	res, err := g.client.Post(g.url, "text/plain", nil)
	require.NoError(t, err)
	require.Equal(t, "ok", body(t, res))
	require.Equal(t, 2, g.exchange().Attempts)

	g = newRig(t, Config{Dial: dial, RequestTimeout: time.Minute}, "http://127.0.0.1:1")
	res, err = g.client.Get(g.url)
	require.NoError(t, err)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "connect_timeout", reason)
	require.Equal(t, policy.FailureConnect, g.exchange().Outcome.Failure)
}

// net/http reads a status below 100, and panics when it is to write it.
func TestStatusThatIsNone(t *testing.T) {
	up := rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		if req, err := http.ReadRequest(r); err == nil {
			_, _ = io.Copy(io.Discard, req.Body)
			_, _ = io.WriteString(c, "HTTP/1.1 042 X\r\nContent-Length: 0\r\n\r\n")
		}
	})
	for _, content := range []io.Reader{nil, strings.NewReader("x")} {
		g := newRig(t, Config{Retry: routing.RetryConfig{MaxAttempts: 1}}, up)
		res, err := g.client.Post(g.url, "text/plain", content)
		require.NoError(t, err)
		require.Equal(t, 502, res.StatusCode)
		reason, _ := reasonOf(t, res)
		require.Equal(t, "bad_response", reason)
		require.Equal(t, policy.FailureRemote, g.exchange().Outcome.Failure)
	}
}

// A response that another server's replaces may take its time: nobody waits for the rest of it.
func TestReplacedResponseThatStalls(t *testing.T) {
	for name, expect := range map[string]string{"plain": "", "any": "100-continue"} {
		t.Run(name, func(t *testing.T) {
			stalls := rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
				if _, err := http.ReadRequest(r); err == nil {
					_, _ = io.WriteString(c, "HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\n")
					_, _ = io.Copy(io.Discard, r) // until the balancer gives it up
				}
			})
			retry := routing.DefaultRetryConfig()
			retry.On = "5xx"
			g := newRig(t, Config{Retry: retry}, stalls, upstreamOf(t, answerWith(200, "ok")))
			req, err := http.NewRequest(http.MethodGet, g.url, nil)
			require.NoError(t, err)
			if expect != "" {
				req.Header.Set("Expect", expect)
			}
			res, err := g.client.Do(req)
			require.NoError(t, err)
			require.Equal(t, "ok", body(t, res))
			require.Equal(t, 2, g.exchange().Attempts)
		})
	}
}
