package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/routing"
)

func TestEveryStateOfThePoolHasAWordOnTheScreen(t *testing.T) {
	for pool := routing.StateUp; pool <= routing.StateDraining; pool++ {
		got := state(pool, live.Server{})
		require.Contains(t, live.ServerStates(), got)
		require.Equal(t, pool == routing.StateUp, got.Takes())
	}
	slow := live.Server{BaseDelayMS: 10, Window: metrics.Summary{MeanMS: 21}}
	require.Equal(t, live.ServerSlow, state(routing.StateUp, slow))
	require.Equal(t, live.ServerDown, state(routing.StateDown, slow))
	require.Equal(t, live.ServerSlow, state(routing.StateUp, live.Server{Health: "degraded"}))
}
