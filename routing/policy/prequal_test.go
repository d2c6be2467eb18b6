package policy

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPrequalRule(t *testing.T) {
	for name, c := range map[string]struct {
		inFlight   []int
		responseMS []float64
		want       int
	}{
		"cold: the fastest, though busier":          {[]int{0, 4, 2}, []float64{90, 30, 60}, 1},
		"the fastest is hot: the next":              {[]int{0, 9, 2}, []float64{90, 30, 60}, 2},
		"all are hot: the fewest in flight":         {[]int{8, 9, 7}, []float64{90, 30, 60}, 2},
		"unknown latency is worth a try":            {[]int{0, 4, 2}, []float64{90, 30, 0}, 2},
		"only one of them cold, however slow it is": {[]int{5, 6, 8}, []float64{900, 30, 60}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrequal(Options{}).(*prequal)
			for range prequalWindow {
				p.add(5) // so that above 5 is hot
			}
			v := idleServers(3)
			for i := range v.Servers {
				v.Servers[i].InFlight, v.Servers[i].ResponseMS = c.inFlight[i], c.responseMS[i]
			}
			server, _ := p.Pick(v)
			require.Equal(t, c.want, server)
		})
	}
}

func TestPrequalWindow(t *testing.T) {
	p := newPrequal(Options{}).(*prequal)
	for i := range 3*prequalWindow + 5 {
		p.add(i * 31 % 17)
		require.True(t, slices.IsSorted(p.sorted))
		require.LessOrEqual(t, len(p.sorted), prequalWindow)
	}
	recent := slices.Sorted(slices.Values(p.recent[:]))
	require.Equal(t, recent, p.sorted)
}
