package loadgen

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func result(latency time.Duration) Result {
	at := time.Unix(0, 0)
	return Result{Intended: at, Sent: at, Done: at.Add(latency), Status: 200}
}

func TestLatencySummary(t *testing.T) {
	r := newRecorder()
	for i := 1; i <= 1000; i++ {
		r.done(result(time.Duration(i) * time.Millisecond))
	}
	l := r.stats(0).Latency
	require.EqualValues(t, 1000, l.Count)
	require.InDelta(t, 500.5, l.MeanMS, 1e-9)
	require.InDelta(t, 288.675, l.StdMS, 1e-3)
	require.EqualValues(t, 1, l.MinMS)
	require.EqualValues(t, 1000, l.MaxMS)
	for want, got := range map[float64]float64{500: l.P50MS, 900: l.P90MS, 950: l.P95MS, 990: l.P99MS, 999: l.P999MS} {
		require.InEpsilon(t, want, got, 0.001)
	}
}

func TestOutOfRangeIsClamped(t *testing.T) {
	r := newRecorder()
	r.done(result(time.Hour))
	r.sent(0, -time.Second)
	s := r.stats(0)
	require.EqualValues(t, 3_600_000, s.Latency.MaxMS)
	require.InEpsilon(t, 600_000, s.Latency.P50MS, 0.001)
	require.Zero(t, s.LagP99MS)
}

func TestOnlySuccessesAreMeasured(t *testing.T) {
	r := newRecorder()
	broken, cancelled := result(time.Second), result(time.Second)
	broken.Err = errors.New("reset")
	cancelled.Err, cancelled.Cancelled = errors.New("canceled"), true
	for _, res := range []Result{result(time.Millisecond), broken, cancelled} {
		r.scheduled(false)
		r.done(res)
	}
	s := r.stats(0)
	require.EqualValues(t, 2, s.Completed)
	require.EqualValues(t, 1, s.Failed)
	require.EqualValues(t, 1, s.Cancelled)
	require.EqualValues(t, 1, s.Latency.Count)
	require.EqualValues(t, 1, s.Latency.MaxMS)
}

func TestRecentLagForgets(t *testing.T) {
	r := newRecorder()
	r.sent(500*time.Millisecond, 100*time.Millisecond)
	for at, lagging := range []bool{true, true, true, true, true, false, false} {
		s := r.stats(time.Duration(at) * time.Second)
		require.Equal(t, lagging, s.Lagging, "after %d s", at)
		require.EqualValues(t, 100, s.LagMaxMS)
		require.EqualValues(t, 1, s.Late)
	}
	r.sent(time.Hour, time.Millisecond)
	r.sent(time.Second, LagThreshold) // a goroutine that was slow to report
	require.InDelta(t, 20, r.stats(time.Hour).RecentLagP99MS, 0.3)
	require.False(t, r.stats(2*time.Hour).Lagging)
}
