package admin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

// finds is an engine whose servers are found.
type finds struct{ state *live.Discovery }

func (f finds) Snapshot() *live.Snapshot             { return &live.Snapshot{Discovery: f.state} }
func (finds) Do(context.Context, live.Command) error { return nil }

func TestDiscoveryIsMeasured(t *testing.T) {
	scrape := func(state *live.Discovery) string {
		s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, finds{state})
		require.NoError(t, err)
		defer s.Close()
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, request(t, s, http.MethodGet, "/metrics", ""))
		require.Equal(t, http.StatusOK, w.Code)
		return w.Body.String()
	}
	body := scrape(&live.Discovery{Source: "dns web.test", Servers: 3, Changes: 2, Failures: 7})
	for _, line := range []string{
		`slbtui_discovery_up{source="dns web.test"} 0`, `slbtui_discovery_servers{source="dns web.test"} 3`,
		`slbtui_discovery_changes_total{source="dns web.test"} 2`, `slbtui_discovery_failures_total{source="dns web.test"} 7`,
	} {
		require.Contains(t, body, "\n"+line+"\n")
	}
	require.Contains(t, scrape(&live.Discovery{Source: "x", Up: true}), "\nslbtui_discovery_up{source=\"x\"} 1\n")
	require.NotContains(t, scrape(nil), "slbtui_discovery")
}
