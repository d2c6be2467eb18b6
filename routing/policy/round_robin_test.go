package policy

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// sequence picks n times and returns the servers.
func sequence(p Policy, v View, n int) []int {
	servers := make([]int, n)
	for i := range servers {
		servers[i], _ = p.Pick(v)
	}
	return servers
}

func TestRoundRobin(t *testing.T) {
	v := idleServers(3)
	p := newRoundRobin(Options{})
	require.Equal(t, []int{0, 1, 2, 0, 1, 2}, sequence(p, v, 6))
	v.Servers[1].Available = false
	require.Equal(t, []int{0, 2, 0, 2}, sequence(p, v, 4), "the neighbour doesn't get the share of the one that is out")
	require.Equal(t, NoServer, sequence(p, View{}, 1)[0])
	require.Equal(t, 0, sequence(p, idleServers(1), 1)[0], "fewer servers than before")
}

func TestWeightedRoundRobinIsSmooth(t *testing.T) {
	v := idleServers(3)
	v.Servers[0].Weight = 5
	p := newWeightedRoundRobin(Options{})
	want := []int{0, 0, 1, 0, 2, 0, 0} // nginx's example
	require.Equal(t, append(want, want...), sequence(p, v, 14))
}

func TestWeightedRoundRobinSkipsWhatIsOut(t *testing.T) {
	v := idleServers(3)
	v.Servers[0].Weight = 2
	v.Servers[1].Available = false
	p := newWeightedRoundRobin(Options{})
	require.Equal(t, []int{0, 2, 0, 0, 2, 0}, sequence(p, v, 6))
	v.Servers[1].Available = true
	require.Equal(t, []int{0, 1, 2, 0}, sequence(p, v, 4), "it has saved nothing up")
}

func TestWeightedRoundRobinOddWeights(t *testing.T) {
	for _, weight := range []float64{0, -3, math.NaN(), math.Inf(1)} {
		v := idleServers(2)
		v.Servers[1].Weight = weight
		require.Equal(t, []int{0, 1, 0, 1}, sequence(newWeightedRoundRobin(Options{}), v, 4), "%v counts as 1", weight)
	}
	v := idleServers(2)
	v.Servers[0].Weight, v.Servers[1].Weight = math.MaxFloat64, math.MaxFloat64
	require.NotContains(t, sequence(newWeightedRoundRobin(Options{}), v, 4), NoServer)
}
