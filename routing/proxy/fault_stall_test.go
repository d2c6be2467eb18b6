package proxy

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// stall answers with a beginning and then holds the connection until the other side gives up.
func stall(beginning string) func(*net.TCPConn, *http.Request) {
	return func(c *net.TCPConn, _ *http.Request) {
		_, _ = io.WriteString(c, beginning)
		_, _ = io.Copy(io.Discard, c)
	}
}

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
			g, bad, good := faultRig(t, Config{RequestTimeout: 50 * time.Millisecond, Retry: retry}, stall("HTTP/1.1 200"))
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
	noLeaks(t)
	retry := routing.DefaultRetryConfig()
	retry.On = "timeout"
	one, _ := faultyUpstream(t, stall(""))
	two, _ := faultyUpstream(t, stall(""))
	g := newRig(t, Config{RequestTimeout: 100 * time.Millisecond, TotalTimeout: 150 * time.Millisecond, Retry: retry}, one, two)
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 504, res.StatusCode)
	reason, server := reasonOf(t, res)
	require.Equal(t, []string{"total_timeout", "s2"}, []string{reason, server})
	require.Equal(t, policy.FailureTimeout, g.policy.Outcomes[0].Failure)
	require.Equal(t, policy.FailureLocal, g.policy.Outcomes[1].Failure)
}
