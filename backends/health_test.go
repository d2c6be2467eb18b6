package backends

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAssess(t *testing.T) {
	for _, tt := range []struct {
		cpu    float64
		active int
		avgMS  float64
		want   string
	}{
		{0, 0, 0, Healthy},
		{50, 10, 200, Healthy},
		{50.1, 0, 0, Degraded},
		{0, 11, 0, Degraded},
		{0, 0, 200.1, Degraded},
		{80, 20, 500, Degraded},
		{80.1, 0, 0, Unhealthy},
		{0, 21, 0, Unhealthy},
		{0, 0, 500.1, Unhealthy},
		{100, 100, 1000, Unhealthy},
	} {
		require.Equal(t, tt.want, assess(tt.cpu, tt.active, tt.avgMS), "%+v", tt)
	}
}

func TestRecentAverage(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var r recent
	require.Zero(t, r.average(t0))

	r.add(t0, 100)
	r.add(t0.Add(5*time.Second), 300)
	require.InDelta(t, 200, r.average(t0.Add(5*time.Second)), 1e-9)
	require.InDelta(t, 300, r.average(t0.Add(10*time.Second)), 1e-9, "the first is too old")
	require.Zero(t, r.average(t0.Add(15*time.Second)), "an idle server recovers")

	for range recentResponses {
		r.add(t0, 7)
	}
	require.InDelta(t, 7, r.average(t0), 1e-9, "only the last hundred count")
	r.forget()
	require.Zero(t, r.average(t0))
}
