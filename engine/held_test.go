package engine

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// inFrontOf is a configuration whose first server is somebody else's.
func inFrontOf(url string) config.Config {
	cfg := quickConfig()
	cfg.Servers[0] = config.Server{ID: "theirs", URL: url, Weight: 1}
	return cfg
}

// Whoever looks at a console does not load servers that people use.
func TestTheLoadIsHeldInFrontOfOthers(t *testing.T) {
	var got atomic.Int64
	theirs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			got.Add(1)
		}
	}))
	defer theirs.Close()
	e := start(t, inFrontOf(theirs.URL), Options{Seed: 1, Attended: true})
	s := eventually(t, e, func(s *live.Snapshot) bool { return len(s.Seconds) > 0 })
	require.True(t, s.Load.Paused)
	require.InDelta(t, 200, s.Load.Rate, 0)
	require.Equal(t, []string{"load paused: 200 requests/s would go to servers that are not simulated"}, texts(s, metrics.EventWarning))
	require.Zero(t, got.Load())
	do(t, e, live.SetRate{}) // as slowly as the operator likes
	do(t, e, live.SetPaused{})
	require.Zero(t, e.Snapshot().Load.Sent)
	do(t, e, live.SetRate{Rate: 100})
	eventually(t, e, func(*live.Snapshot) bool { return got.Load() > 0 })
}

func TestTheLoadIsNotHeldElsewhere(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  config.Config
		opts Options
	}{
		"simulated": {quickConfig(), Options{Attended: true}}, "nobody could resume it": {inFrontOf("http://127.0.0.1:1"), Options{}},
	} {
		e, err := New(test.cfg, test.opts)
		require.NoError(t, err)
		require.NoError(t, e.Listen())
		require.Empty(t, e.Held(), name)
		e.closeListeners()
	}
}
