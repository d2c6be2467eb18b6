package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

// A server whose requests are all given up by the clients is neither well nor free of errors.
func TestTimeoutsOfClientsAreToldAtTheirServer(t *testing.T) {
	cfg := quickConfig()
	cfg.Traffic.Timeout = 100 * time.Millisecond // of the clients: less than the proxy's patience
	cfg.Health.Timeout = time.Minute
	e := start(t, cfg, Options{Seed: 1})
	do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Stall: true}})
	s := eventually(t, e, func(s *live.Snapshot) bool {
		w := s.Servers[0].Window
		return w.Abandoned > 0 && w.Failures == w.Requests
	})
	first := s.Servers[0]
	require.Equal(t, live.ServerSlow, first.State)
	require.Equal(t, first.Window.Failures, first.Window.Abandoned)
	require.Positive(t, first.Abandoned)
	require.LessOrEqual(t, first.Abandoned, first.Failures)
}

// What the end of a run cuts off is nobody's failure.
func TestTheEndOfARunAbandonsNothing(t *testing.T) {
	cfg := quickConfig()
	for i := range cfg.Servers {
		cfg.Servers[i].BaseDelayMS = 60_000
	}
	e, err := New(cfg, Options{Seed: 1, Duration: time.Second})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	e.Hurry()
	require.NoError(t, e.Run(t.Context()))
	sum := e.Summary()
	require.Positive(t, sum.Load.Sent)
	for _, s := range sum.Servers {
		require.Zero(t, s.Failures)
	}
}
