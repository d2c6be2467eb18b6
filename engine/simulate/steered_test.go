package simulate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What an observer's weights make of leastconn: a lower mean in steady times, a tail a fifth lower while a server is
// slow, and hardly an error of a server that fails at once. (Measured on a real HAProxy: docs/steer.md.)
func TestSteeringPays(t *testing.T) {
	const seeds = 4
	of := func(scenario, policy string) (mean, p99, errors float64) {
		sc := lookup(t, scenario)
		for seed := range uint64(seeds) {
			all := run(t, sc, policy, seed+1).All
			mean, p99, errors = mean+all.MeanMS/seeds, p99+all.P99MS/seeds, errors+all.ErrorRate/seeds
		}
		return mean, p99, errors
	}
	alone, alone99, _ := of("steady60", "least_request")
	mean, p99, _ := of("steady60", "least_request+steered")
	require.Less(t, mean, 0.97*alone)
	require.Less(t, p99, 0.97*alone99)

	_, alone99, _ = of("slow5x", "least_request")
	_, p99, _ = of("slow5x", "least_request+steered")
	require.Less(t, p99, 0.85*alone99)

	_, _, failed := of("blackhole", "least_request")
	require.Greater(t, failed, 0.2)
	_, _, failed = of("blackhole", "least_request+steered")
	require.Less(t, failed, 0.01)
}
