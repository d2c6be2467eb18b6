package experiment

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheSameTracesInVirtualTime(t *testing.T) {
	plan := quick("round_robin", "random")
	c, err := Run(t.Context(), plan, Observer{})
	require.NoError(t, err)
	both, err := CheckVirtual(t.Context(), plan, c)
	require.NoError(t, err)
	require.Len(t, both, 2)
	require.Greater(t, both[0].RealMeanMS, both[0].VirtualMeanMS, "the same decisions; sockets and a busy machine add to them")
	for i, v := range both {
		require.Equal(t, plan.Policies[i], v.Policy)
		require.Positive(t, v.VirtualMeanMS)
		require.InDelta(t, v.RealMeanMS, v.VirtualMeanMS*(1+v.MeanPercent/100), 1e-9)
	}
}
