package policy

import (
	"slices"
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

func TestDrawAvailable(t *testing.T) {
	rng := NewRand(1)
	for _, c := range []struct{ servers, available, want int }{{0, 0, 0}, {3, 3, 3}, {12, 5, 5}, {100, 100, 12}, {100, 13, 12}, {100, 7, 7}, {100, 0, 0}} {
		v := idleServers(c.servers)
		for i := range v.Servers {
			v.Servers[i].Available = i < c.available
		}
		count := make([]int, c.servers)
		for range 3000 {
			drawn := drawAvailable(rng, v, 12, nil)
			require.Len(t, drawn, c.want)
			for _, i := range drawn {
				require.True(t, v.Servers[i].Available)
				count[i]++
			}
			slices.Sort(drawn)
			require.Len(t, slices.Compact(drawn), c.want, "each once")
		}
		for i := range c.available { // sd of a share is below 0.01
			require.InDelta(t, float64(c.want)/float64(c.available), float64(count[i])/3000, 0.05, "%+v: every server as often", c)
		}
	}
}
