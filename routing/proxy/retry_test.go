package proxy

import (
	"bufio"
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

func TestRetryBudget(t *testing.T) {
	spend := func(b *retryBudget, now time.Duration) (n int) {
		for b.spend(now) {
			n++
		}
		return n
	}
	b := newRetryBudget(routing.RetryConfig{BudgetShare: 0.2, BudgetPerSecond: 10}, 0)
	require.Equal(t, 100, spend(b, 0), "ten seconds' worth at first")
	require.InDelta(t, 10, spend(b, time.Second), 1, "then ten a second")
	for range 1000 {
		b.request()
	}
	require.Equal(t, 200, spend(b, time.Second), "and a fifth of the requests")
	require.InDelta(t, 100, spend(b, time.Hour), 1, "what is saved fades")
	for range 100_000 {
		b.request()
	}
	require.LessOrEqual(t, spend(b, time.Hour+100*time.Second), 2100, "old requests, too")
	require.Zero(t, spend(newRetryBudget(routing.RetryConfig{}, 0), time.Hour))
}

func TestRetryStopsWhereItMust(t *testing.T) {
	cut := func(c *net.TCPConn, _ *http.Request) { _ = c.SetLinger(0) }
	for name, tc := range map[string]struct {
		change   func(*routing.RetryConfig)
		attempts int
	}{
		"all servers tried":  {func(*routing.RetryConfig) {}, 3},
		"attempts":           {func(c *routing.RetryConfig) { c.MaxAttempts = 2 }, 2},
		"no retries":         {func(c *routing.RetryConfig) { c.MaxAttempts = 1 }, 1},
		"budget":             {func(c *routing.RetryConfig) { c.BudgetShare, c.BudgetPerSecond = 0, 0.1 }, 2},
		"not this failure":   {func(c *routing.RetryConfig) { c.On = "connect, timeout, 5xx" }, 1},
		"an unreadable list": {func(c *routing.RetryConfig) { c.On = "all" }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var urls []string
			for range 3 {
				u, _ := faultyUpstream(t, cut)
				urls = append(urls, u)
			}
			retry := routing.DefaultRetryConfig()
			tc.change(&retry)
			g := newRig(t, Config{Retry: retry}, urls...)
			require.Equal(t, http.StatusBadGateway, g.send("GET", "x"))
			x := g.exchange()
			require.Equal(t, tc.attempts, x.Attempts)
			require.Equal(t, Retries{RetryReset: uint8(tc.attempts - 1)}, x.Retries, "by reason")
		})
	}
}

// What cannot be kept is not sent again, and a conversation isn't begun twice.
func TestRetryNeedsAReplayableRequest(t *testing.T) {
	head := func(method, rest string) string { return method + " / HTTP/1.1\r\nHost: h\r\n" + rest }
	for name, tc := range map[string]struct {
		request string
		status  int
	}{
		"small body":        {head("PUT", "Content-Length: 3\r\n\r\nabc"), 200},
		"body at the limit": {head("PUT", "Content-Length: 8\r\n\r\n12345678"), 200},
		"large body":        {head("PUT", "Content-Length: 9\r\n\r\n123456789"), 502},
		"unknown length":    {head("PUT", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 502},
		"upgrade":           {head("GET", "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"), 502},
		"empty POST":        {head("POST", "Content-Length: 0\r\n\r\n"), 502},
		"invented method":   {head("BREW", "\r\n"), 502},
	} {
		t.Run(name, func(t *testing.T) {
			retry := routing.DefaultRetryConfig()
			retry.MaxBody = 8
			g, _, _ := faultRig(t, Config{Retry: retry}, func(c *net.TCPConn, _ *http.Request) { _ = c.SetLinger(0) })
			_, r := g.raw(tc.request)
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, tc.status, res.StatusCode)
			_ = body(t, res)
		})
	}
}

// A client that breaks its upload off is not heard by any server.
func TestKeptBodyThatNeverComes(t *testing.T) {
	g, bad, good := faultRig(t, Config{}, func(*net.TCPConn, *http.Request) {})
	c, r := g.raw("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
	require.NoError(t, c.(*net.TCPConn).CloseWrite())
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, 400, res.StatusCode)
	_ = body(t, res)
	require.True(t, g.exchange().Outcome.Cancelled)
	require.Zero(t, bad.count("")+good.count(""))
}

// Once an early hint has passed, the answer has begun.
func TestNoRetryAfterAnEarlyHint(t *testing.T) {
	g, _, good := faultRig(t, Config{}, func(c *net.TCPConn, _ *http.Request) {
		_, _ = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
	})
	_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	all := readResponses(t, r)
	require.Equal(t, []int{103, 502}, all)
	require.Zero(t, good.count(""))
}

func readResponses(t *testing.T, r *bufio.Reader) (statuses []int) {
	t.Helper()
	for {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		statuses = append(statuses, res.StatusCode)
		if res.StatusCode >= 200 {
			_ = body(t, res)
			return statuses
		}
	}
}

// The client that leaves during a back-off gets no further attempt.
func TestBackoffEndsWithTheClient(t *testing.T) {
	retry := routing.DefaultRetryConfig()
	retry.Backoff = time.Hour
	third := make(chan struct{}, 1)
	g := newRig(t, Config{Retry: retry}, deadUpstream(t), deadUpstream(t), upstreamOf(t, func(http.ResponseWriter, *http.Request) { third <- struct{}{} }))
	c, _ := g.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	require.Eventually(t, func() bool { return g.pool.Status()[1].Requests == 1 }, 30*time.Second, time.Millisecond)
	require.NoError(t, c.Close())
	x := g.exchange()
	require.Equal(t, 2, x.Attempts)
	require.Empty(t, third)
}

func TestRetryKeepsTheHeaders(t *testing.T) {
	var got http.Header
	g := newRig(t, Config{}, deadUpstream(t), upstreamOf(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n")
	require.Equal(t, []int{200}, readResponses(t, r))
	require.Equal(t, []string{"1", "2"}, got["X-A"])
	require.Equal(t, 1, strings.Count(got.Get("X-Forwarded-For"), "127.0.0.1"), "once, however many attempts")
}

// Why a request was sent again is counted by reason, and each attempt after the first has one.
func TestRetriesHaveReasons(t *testing.T) {
	good := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	g := newRig(t, Config{}, deadUpstream(t), upstreamOf(t, good))
	require.Equal(t, http.StatusOK, g.send("GET", ""))
	require.Equal(t, Retries{RetryConnect: 1}, g.exchange().Retries)

	retry := routing.DefaultRetryConfig()
	retry.On = "5xx"
	g = newRig(t, Config{Retry: retry}, upstreamOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }), upstreamOf(t, good))
	require.Equal(t, http.StatusOK, g.send("GET", ""))
	require.Equal(t, Retries{RetryStatus: 1}, g.exchange().Retries)

	require.Equal(t, RetryTimeout, retryReason(Fault{failure: policy.FailureTimeout}))
	require.Equal(t, RetryReset, retryReason(Fault{failure: policy.FailureRemote}))
	var r Retries
	for range 300 {
		r.because(RetryStale)
	}
	require.Equal(t, Retries{RetryStale: 255}, r)
}
