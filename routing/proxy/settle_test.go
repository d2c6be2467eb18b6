package proxy

import (
	"bufio"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
)

// The policies hear of a download that goes on and on while it does, of how long it took to begin; it
// counts as in flight until its end, of which they hear nothing more.
func TestLongDownloadIsSettled(t *testing.T) {
	end := make(chan struct{})
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000000")
		piece := make([]byte, 1000)
		for range 1000 {
			_, _ = w.Write(piece)
			w.(http.Flusher).Flush()
			select {
			case <-end:
			case <-time.After(10 * time.Millisecond):
			}
		}
	}))
	begun := time.Now()
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	header := time.Since(begun)
	heard := func() int {
		g.policy.Mu.Lock()
		defer g.policy.Mu.Unlock()
		return len(g.policy.Outcomes)
	}
	length := make(chan int)
	go func() { length <- len(body(t, res)) }()
	require.Eventually(t, func() bool { return heard() == 1 }, 30*time.Second, time.Millisecond)
	require.Equal(t, 1, g.pool.Status()[0].InFlight)
	close(end)
	require.Equal(t, 1_000_000, <-length)
	g.exchange()
	require.Equal(t, 1, heard())

	g.policy.Mu.Lock()
	defer g.policy.Mu.Unlock()
	o := g.policy.Outcomes[0]
	require.True(t, o.Measured())
	require.LessOrEqual(t, o.Latency, header, "the wait for its beginning")
	require.GreaterOrEqual(t, o.Now-g.policy.Tokens[0].At, o.Latency+routing.SettleAfter(o.Latency))
}

// An answer that is there in time is heard of when it is whole.
func TestShortAnswerIsHeardOfAtItsEnd(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		time.Sleep(20 * time.Millisecond)
		_, _ = fmt.Fprintln(w, "late")
	}))
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "late\n", line)
	require.NoError(t, res.Body.Close())
	require.GreaterOrEqual(t, g.exchange().Outcome.Latency, 20*time.Millisecond)
}
