package policy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn/factored"
)

// What other balancers have in flight counts like the own requests, but never keeps an unmeasured server untried.
func TestQFactoredCountsForeignRequests(t *testing.T) {
	options := Options{Servers: make([]ServerInfo, 2), QFactored: factored.DefaultConfig(), Seed: 1}
	options.QFactored.ExplorationRate = 0
	q := NewQFactored(options)
	view := View{Servers: []ServerView{{Available: true}, {Available: true}}, Foreign: []float64{7, 0}}
	first, _ := q.Pick(view)
	view.Servers[first].InFlight = 1
	second, _ := q.Pick(view)
	require.NotEqual(t, first, second, "both are tried, whoever else is there")
	view.Servers[first].InFlight = 0

	for i := range 40 { // a queue: 50 ms, and 50 more for each that is there
		for server := range 2 {
			n := i % 8
			load := View{Now: time.Duration(i) * time.Second, Servers: []ServerView{{InFlight: n, Available: server == 0}, {InFlight: n, Available: server == 1}}}
			_, token := q.Pick(load)
			q.Done(token, Outcome{Now: load.Now, Latency: time.Duration(n+1) * 50 * time.Millisecond, Status: 200})
		}
	}
	view.Now = time.Minute
	for _, busy := range []int{0, 1} {
		view.Foreign = []float64{0, 0}
		view.Foreign[busy] = 4.6
		got, token := q.Pick(view)
		require.Equal(t, 1-busy, got)
		require.Zero(t, token.Row)
		require.Greater(t, q.Explain(view)[busy].ScoreMS, q.Explain(view)[1-busy].ScoreMS)
	}
	view.Servers[0].Available, view.Foreign = false, []float64{0, 4.6}
	_, token := q.Pick(view)
	require.Equal(t, 5, token.Row, "and it learns what it sees")
}
