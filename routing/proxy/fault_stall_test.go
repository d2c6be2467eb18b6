package proxy

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

// stall answers with a beginning and then holds the connection until the other side gives up.
func stall(beginning string) func(*net.TCPConn, *http.Request) {
	return func(c *net.TCPConn, _ *http.Request) {
		_, _ = io.WriteString(c, beginning)
		_, _ = io.Copy(io.Discard, c)
	}
}

// patient is a timeout that a sound server on a busy machine keeps, too.
const patient = 500 * time.Millisecond

func TestFaultStallBeforeHeaders(t *testing.T) {
	for name, tc := range map[string]struct {
		on   string
		want map[string][3]int
	}{
		"by default a timeout is final": {"connect, reset", map[string][3]int{"GET": {504, 1, 0}, "POST": {504, 1, 0}}},
		"unless asked for":              {"timeout", map[string][3]int{"GET": {200, 1, 1}, "PUT": {200, 1, 1}, "POST": {504, 1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			retry := routing.DefaultRetryConfig()
			retry.On = tc.on
			g, bad, good := faultRig(t, Config{RequestTimeout: patient, Retry: retry}, stall("HTTP/1.1 200"))
			g.sendEach(bad, good, tc.want)
		})
	}
}

func TestFaultStallAfterHeaders(t *testing.T) {
	g, bad, good := faultRig(t, Config{IdleTimeout: 50 * time.Millisecond}, stall("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"))
	g.sendEach(bad, good, map[string][3]int{"GET": {0, 1, 0}, "POST": {0, 1, 0}})
	require.Equal(t, policy.FailureTimeout, g.exchange().Outcome.Failure)
}

// Two servers that stall share the total: the second isn't blamed for the time that the first took.
func TestTotalTimeoutBoundsAllAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ups := []routing.UpstreamConfig{{ID: "s1", URL: &url.URL{Scheme: "http", Host: "one"}}, {ID: "s2", URL: &url.URL{Scheme: "http", Host: "two"}}}
		pool, err := routing.NewPool(ups, routing.DefaultHealthConfig())
		require.NoError(t, err)
		retry := routing.DefaultRetryConfig()
		retry.On = "timeout"
		chosen := &policytest.FirstFree{}
		h := New(Config{
			Pool: pool, Router: routing.NewRouter(pool, chosen), RequestTimeout: 2 * time.Second, TotalTimeout: 3 * time.Second, Retry: retry,
			Dial: func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, theirs); _ = theirs.Close() }()
				return ours, nil
			},
		})
		defer h.Close()
		begun, w := time.Now(), httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		require.Equal(t, 3*time.Second, time.Since(begun))
		require.Equal(t, 504, w.Code)
		reason, server := reasonOf(t, w.Result())
		require.Equal(t, []string{"total_timeout", "s2"}, []string{reason, server})
		require.Equal(t, policy.FailureTimeout, chosen.Outcomes[0].Failure)
		require.Equal(t, policy.FailureLocal, chosen.Outcomes[1].Failure)
	})
}
