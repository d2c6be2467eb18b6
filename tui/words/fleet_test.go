package words

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

func TestFleetsAddUp(t *testing.T) {
	member := func(rate float64, requests, failures uint64, first, second uint64) live.Member {
		return live.Member{Snap: &live.Snapshot{
			Load: live.Load{Served: rate}, Now: metrics.Summary{Requests: requests, Failures: failures},
			Servers: []live.Server{{Addr: "a:1", Window: metrics.Summary{Requests: first}}, {Addr: "b:1", Window: metrics.Summary{Requests: second}}},
		}}
	}
	lost := member(1000, 5000, 5000, 5000, 0)
	lost.Lost = time.Unix(1, 0)
	all := AddUp([]live.Member{member(100, 500, 5, 100, 400), lost, {}, member(50, 250, 10, 200, 50)})
	require.Equal(t, 2, all.Answering)
	require.InDelta(t, 150, all.Rate, 0)
	require.InDelta(t, 15.0/750, all.FailedShare(), 1e-9)
	require.Equal(t, []Portion{{"b:1", .6}, {"a:1", .4}}, all.Servers)
	none := AddUp(nil)
	require.Zero(t, none.FailedShare())
}

func TestLostFor(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "lost 0 s ago", 12 * time.Second: "lost 12 s ago", 119 * time.Second: "lost 119 s ago", 2 * time.Minute: "lost 2 min ago", 50 * time.Hour: "lost 50 h ago",
	} {
		require.Equal(t, want, LostFor(d))
	}
}
