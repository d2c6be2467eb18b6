package loadgen

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// every stalls each n-th request until its context ends, and says no more than that it did.
type every struct {
	n    int
	seen chan string // paths
}

func (e every) RoundTrip(req *http.Request) (*http.Response, error) {
	e.seen <- req.URL.Path
	if len(e.seen)%e.n == 0 {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return fake{}.RoundTrip(req)
}

// What a request leaves behind is used again, but not after a failure.
func TestCallsOutliveTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := every{n: 4, seen: make(chan string, 100)}
		s := start(t, target, func(c *Config) {
			c.Rate, c.Duration, c.Timeout = 10, 10*time.Second, 50*time.Millisecond
			c.Paths = []Path{{"/a", 1}, {"/b", 1}}
			c.OnResult = func(r Result) {
				require.False(t, r.Cancelled)
				if r.Err != nil {
					require.ErrorIs(t, r.Err, context.DeadlineExceeded, "though the transport spoke of a cancellation")
				}
			}
		})
		<-s.ended
		require.EqualValues(t, 25, s.Stats().Failed)
		require.EqualValues(t, 75, s.Stats().Latency.Count)
		paths := map[string]int{}
		for range 100 {
			paths[<-target.seen]++
		}
		require.Greater(t, paths["/a"], 30)
		require.Greater(t, paths["/b"], 30)
	})
}

func TestRequestsInFlightTogetherAreTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, fake{takes: 30 * time.Millisecond}, func(c *Config) {
			c.Duration, c.Timeout = time.Second, 35*time.Millisecond
		}).wait()
		require.EqualValues(t, 100, s.Completed)
		require.Zero(t, s.Failed, "no timeout runs on into the next request")
	})
}
