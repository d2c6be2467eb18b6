package fit

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// twoBalancers is the log of two side by side, each of which routes every other request; the clock of the second is
// ahead.
func twoBalancers(t *testing.T, policy string, load float64, ahead time.Duration) *Log {
	t.Helper()
	sc := world(load)
	sc.Balancers = 2
	l := logged(t, sc, policy, 1)
	l.Balancers = 2
	for i := range l.Requests {
		q := &l.Requests[i]
		if q.Balancer = uint16(i % 2); q.Balancer == 1 {
			q.Start, q.End = q.Start+ahead, q.End+ahead
		}
	}
	slices.SortStableFunc(l.Requests, func(a, b Request) int { return int(a.Start - b.Start) })
	return l
}

func TestClocksAreSetRight(t *testing.T) {
	for _, ahead := range []time.Duration{0, 50 * time.Millisecond, -120 * time.Millisecond} {
		m, c, g, reasons := graded(t, twoBalancers(t, "random", .7, ahead))
		require.Len(t, m.Clocks, 2)
		require.True(t, m.Clocks[1].Known)
		require.InDelta(t, ahead.Seconds(), m.Clocks[1].Ahead.Seconds(), .004)
		require.Equal(t, B, g, "%v %v", reasons, c.Failed)
		require.Contains(t, strings.Join(reasons, "\n"), "clocks were set right")
		for _, s := range m.Servers {
			require.Equal(t, 4, s.Slots, s.ID)
		}
		require.Equal(t, 2, m.Scenario().Balancers)
		require.Equal(t, 1, m.Trace()[1].Balancer+m.Trace()[0].Balancer)
	}
}

// The files of one balancer's workers are one log, when their clocks have been set right.
func TestFilesOfOneBalancer(t *testing.T) {
	l := logged(t, world(.7), "round_robin", 1)
	l.Balancers = 2
	for i := range l.Requests {
		q := &l.Requests[i]
		if q.Balancer = uint16(i >> 2 & 1); q.Balancer == 1 {
			q.Start, q.End = q.Start+50*time.Millisecond, q.End+50*time.Millisecond
		}
	}
	slices.SortStableFunc(l.Requests, func(a, b Request) int { return int(a.Start - b.Start) })
	m, c, g, reasons := graded(t, l)
	require.Equal(t, RoundRobin, m.Routed.Policy)
	require.Empty(t, c.Failed)
	require.Equal(t, B, g)
	require.Contains(t, strings.Join(reasons, "\n"), "clocks were set right")
}

// Where nothing queues nothing tells the clocks.
func TestClocksThatCannotBeKnown(t *testing.T) {
	m, _, g, reasons := graded(t, twoBalancers(t, "least_request", .1, 50*time.Millisecond))
	require.False(t, m.Clocks[1].Known)
	require.NotEqual(t, A, g)
	require.Contains(t, strings.Join(reasons, "\n"), "their clocks differ is not known")
}

func TestWeightsAreTold(t *testing.T) {
	sc := world(.6)
	for i, w := range []float64{5, 3, 2} {
		sc.Servers[i].Weight = w
	}
	m, c, g, reasons := graded(t, logged(t, sc, "weighted_round_robin", 1))
	require.Equal(t, WeightedRoundRobin, m.Routed.Policy, m.Routed.Why)
	require.Equal(t, []float64{5, 3, 2}, m.Routed.Weights)
	require.Equal(t, WeightedRoundRobin, c.By)
	require.Empty(t, c.Failed)
	require.NotEqual(t, C, g, reasons)
	require.InDelta(t, 5, m.Scenario().Servers[0].Weight, 0)
	for _, policy := range []string{"random", "p2c", "peak_ewma_full"} {
		m, err := Fit(logged(t, sc, policy, 1))
		require.NoError(t, err)
		require.Nil(t, m.Routed.Weights, policy)
	}
}

// What somebody knows better than the log is not found out.
func TestWhatIsGiven(t *testing.T) {
	l := logged(t, world(.7), "p2c", 1)
	delay := 5 * time.Millisecond
	m, err := Knowing(l, Given{Routed: "p2c", Patience: 3 * time.Second, Discipline: Sharing, Delay: &delay})
	require.NoError(t, err)
	require.Equal(t, "p2c", m.Routed.Policy)
	require.Equal(t, "so it was said", m.Routed.Why)
	require.Equal(t, 3*time.Second, m.Scenario().ClientTimeout)
	require.Equal(t, Sharing, m.Discipline)
	require.Equal(t, delay, m.Servers[0].Delay)
}

func TestFilteredLogsAreNeverA(t *testing.T) {
	l := logged(t, world(.6), "least_request", 1)
	l.Filtered = len(l.Requests)
	_, _, g, reasons := graded(t, l)
	require.NotEqual(t, A, g)
	require.Contains(t, strings.Join(reasons, "\n"), "were not asked for")
}
