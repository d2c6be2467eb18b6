package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneAvailable(t *testing.T) {
	v := idleServers(4)
	v.Servers[2].Available = false
	rng, counts := NewRand(1), make([]int, 4)
	for range 3000 {
		counts[oneAvailable(rng, v)]++
	}
	require.Zero(t, counts[2])
	for _, i := range []int{0, 1, 3} {
		require.InDelta(t, 1000, counts[i], 150)
	}
	require.Equal(t, NoServer, oneAvailable(rng, View{}))
	require.Equal(t, NoServer, nthAvailable(v, 3))
}

func TestTwoAvailable(t *testing.T) {
	v := idleServers(4)
	v.Servers[1].Available = false
	rng := NewRand(1)
	pairs := map[[2]int]int{}
	for range 6000 {
		a, b := twoAvailable(rng, v)
		require.NotEqual(t, a, b)
		pairs[[2]int{a, b}]++
	}
	require.Len(t, pairs, 6, "each pair in each order: %v", pairs)
	for pair, n := range pairs {
		require.InDelta(t, 1000, n, 150, "%v", pair)
	}

	a, b := twoAvailable(rng, View{Servers: v.Servers[1:3]})
	require.Equal(t, []int{1, NoServer}, []int{a, b})
	a, b = twoAvailable(rng, View{Servers: v.Servers[1:2]})
	require.Equal(t, []int{NoServer, NoServer}, []int{a, b})
}
