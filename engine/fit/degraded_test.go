package fit

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
)

// A log that is not whole, or not exact, is never trusted as one that is.
func TestDegradedLogsAreNeverA(t *testing.T) {
	for _, policy := range []string{"round_robin", "least_request"} {
		whole := logged(t, world(.6), policy, 1)
		_, c, g, reasons := graded(t, whole)
		require.Equal(t, A, g, "%s: %v %v", policy, reasons, c)
		degraded := map[string]*Log{"half": sample(whole, .5), "a tenth": sample(whole, .1)}

		skewed := *whole
		skewed.Requests = nil
		for i, q := range whole.Requests {
			if i*2654435761>>7%2 == 0 {
				q.Start, q.End = q.Start+50*time.Millisecond, q.End+50*time.Millisecond
			}
			skewed.Requests = append(skewed.Requests, q)
		}
		degraded["clocks 50 ms apart"] = &skewed
		interleaved := *whole
		interleaved.Balancers = 2
		degraded["files of several balancers"] = &interleaved

		coarse := *whole
		coarse.Resolution = time.Second
		degraded["stamps of a second"] = &coarse
		for what, l := range degraded {
			_, _, g, reasons := graded(t, l)
			require.NotEqual(t, A, g, "%s of %s", what, policy)
			require.NotEmpty(t, reasons)
		}
	}
}

// Half of a round robin is no policy of its own.
func TestHalfARoundRobinIsRefused(t *testing.T) {
	for seed := range uint64(4) {
		whole := logged(t, world(.6), "round_robin", seed+1)
		_, _, g, reasons := graded(t, sample(whole, .5))
		require.Equal(t, C, g)
		require.Contains(t, strings.Join(reasons, "\n"), "take turns as in round robin")
		for _, policy := range []string{"p2c", "random", "least_request", "peak_ewma_full"} {
			m, err := Fit(logged(t, world(.6), policy, seed+1))
			require.NoError(t, err)
			require.False(t, m.Routed.Broken, policy)
		}
	}
}

func TestStampsOfASecondMakeSlotsUnknown(t *testing.T) {
	l := logged(t, world(.8), "least_request", 1)
	l.Resolution = time.Second
	m, _, _, reasons := graded(t, l)
	for _, s := range m.Servers {
		require.Zero(t, s.Slots)
		require.LessOrEqual(t, s.Low, 4)
	}
	require.Contains(t, strings.Join(reasons, "\n"), "stamps of a second")
}

func TestALearnersLogIsNeverA(t *testing.T) {
	l := logged(t, world(.6), "q_factored", 1)
	l.Policy = "q_factored"
	_, _, g, reasons := graded(t, l)
	require.NotEqual(t, A, g)
	require.Contains(t, strings.Join(reasons, "\n"), "q_factored learns")
}

func TestTimeOutsAreNeverA(t *testing.T) {
	sc := world(.6, simulate.Fault{Server: "app1", At: 10 * time.Second, For: 30 * time.Second})
	sc.Faults[0].Slow = 8
	_, _, g, reasons := graded(t, logged(t, sc, "round_robin", 1))
	require.NotEqual(t, A, g)
	require.Contains(t, strings.Join(reasons, "\n"), "timed out")
}

// HAProxy says how many were in flight: what is missing is seen at once.
func TestCompleteness(t *testing.T) {
	l := logged(t, world(.6), "p2c", 1)
	w := newWatch(l.Requests, len(l.Servers))
	begun := 0
	for _, i := range w.byEnd {
		q := &l.Requests[i]
		for begun < len(l.Requests) && l.Requests[begun].Start <= q.End {
			w.begin(begun)
			begun++
		}
		w.inFlight[q.Server]--
		q.Others = int32(w.inFlight[q.Server])
	}
	ratio, ok := completeness(l)
	require.True(t, ok)
	require.InDelta(t, 1, ratio, 1e-9)
	_, _, g, reasons := graded(t, l)
	require.Equal(t, A, g, "two choices, and whole: %v", reasons)
	half := sample(l, .5)
	_, _, g, reasons = graded(t, half)
	require.Equal(t, C, g)
	require.Contains(t, strings.Join(reasons, "\n"), "not whole")
}

// A log that was cut off lacks what had not ended; one that came to its end lacks nothing.
func TestTheEndOfALog(t *testing.T) {
	l := logged(t, world(.8), "round_robin", 1)
	same, late := l.WithoutEnd()
	require.Zero(t, late)
	require.Len(t, same.Requests, len(l.Requests))
	cut := *l
	cut.Requests = nil
	end := l.Requests[0].Start + 30*time.Second
	for _, q := range l.Requests {
		if q.End <= end {
			cut.Requests = append(cut.Requests, q)
		}
	}
	rest, late := cut.WithoutEnd()
	require.NotZero(t, late)
	require.Len(t, rest.Requests, len(cut.Requests)-late)
}

func TestWindows(t *testing.T) {
	l := logged(t, world(.5), "random", 1)
	require.Len(t, l.Busiest(0, 1000).Requests, 1000)
	ten := l.Busiest(10*time.Second, MostFitted)
	require.Less(t, ten.Requests[len(ten.Requests)-1].Start-ten.Requests[0].Start, 10*time.Second)
	require.Greater(t, len(ten.Requests), len(l.Requests)/6-100)
	began := time.Unix(0, int64(l.Requests[0].Start))
	mid := l.Between(began.Add(10*time.Second), began.Add(20*time.Second))
	require.GreaterOrEqual(t, mid.Requests[0].Start-l.Requests[0].Start, 10*time.Second)
	require.Len(t, l.Between(time.Time{}, time.Time{}).Requests, len(l.Requests))
	require.Empty(t, l.Between(began.Add(time.Hour), time.Time{}).Requests)
}
