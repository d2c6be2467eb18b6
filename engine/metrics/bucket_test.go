package metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLatenciesAreCountedByBucket(t *testing.T) {
	require.Zero(t, BucketMS(0))
	for i := 1; i < Buckets; i++ {
		require.Equal(t, i, bucketOf(BucketMS(i)*1.01), "%v ms", BucketMS(i))
	}
	require.InEpsilon(t, 2*BucketMS(9), BucketMS(13), 1e-9, "four to the double")
	require.Equal(t, Buckets-1, bucketOf(1e9))

	a := newAccumulator(secondDigits)
	require.Empty(t, a.buckets())
	for _, latency := range []time.Duration{400 * time.Microsecond, 50 * time.Millisecond, 51 * time.Millisecond, 300 * time.Millisecond} {
		a.add(latency, false)
	}
	a.add(time.Hour, true)
	got := a.buckets()
	require.Len(t, got, bucketOf(300)+1)
	require.EqualValues(t, 1, got[0])
	require.EqualValues(t, 2, got[bucketOf(50)])
	require.EqualValues(t, 1, got[bucketOf(300)])
}

func TestASecondHasItsBuckets(t *testing.T) {
	r := NewRecorder([]string{"a"})
	r.Served(Answer{Phase: r.StartPhase(0, Turn{Policy: "p"}), Server: "a", Latency: 100 * time.Millisecond})
	r.CloseSecond(time.Second, nil)
	r.CloseSecond(2*time.Second, nil)
	seconds := r.Live().Seconds
	require.Len(t, seconds[0].Latencies, bucketOf(100)+1)
	require.Empty(t, seconds[1].Latencies)
}
