package fitreport

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/fit"
	"slbtui/engine/stats"
)

func model() *fit.Model {
	return &fit.Model{
		Log:        &fit.Log{Format: "haproxy", Requests: make([]fit.Request, 600)},
		Routed:     fit.Routed{Policy: fit.RoundRobin, Why: "the servers' counts never differ by more than 2"},
		Discipline: fit.Slots, Length: time.Minute,
		Servers: []fit.Server{
			{ID: "app1", Requests: 300, ServiceMS: 50, Sigma: .3, Slots: 4, Low: 4, High: 5, QueuedShare: .1, Periods: []fit.Period{{Kind: fit.Slow, From: time.Second, To: 3 * time.Second, Factor: 5}}},
			{ID: "app2", Requests: 300, ServiceMS: 75, Sigma: .3, Low: 3},
		},
	}
}

func rows() []fit.Prediction {
	return []fit.Prediction{
		{Policy: "round_robin", Logged: true, MeanMS: 85, P99MS: 234},
		{Policy: "least_request", MeanMS: 72, P99MS: 169, MeanRange: stats.Interval{71, 73}, P99Range: stats.Interval{165, 172}},
		{Policy: "q_factored", MeanMS: 65, P99MS: 120, MeanRange: stats.Interval{60, 80}, P99Range: stats.Interval{101, 136}},
	}
}

func text(t *testing.T, r Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, WriteText(&b, r))
	return b.String()
}

// The first line is the answer, the best first; what is not sure is a range.
func TestTheAnswerComesFirst(t *testing.T) {
	got := text(t, New(model(), fit.Check{}, fit.B, []string{"app2: its slots were never full"}, rows(), []string{"1 line is not understood"}))
	require.True(t, strings.HasPrefix(got, "q_factored would have had 101 to 136 ms instead of 234 at p99; least_request 169.0; trust: B.\n"), got)
	for _, s := range []string{"app1    300", "4 (4-5)", "slow x5.00 1.00-3.00 s", "3 or more", "HAProxy: balance leastconn", "slbtui serve, policy: q_factored", "- app2: its slots", "1 line is not understood", "round_robin (logged)"} {
		require.Contains(t, got, s)
	}
}

func TestAFailedCheckPredictsNothing(t *testing.T) {
	r := New(model(), fit.Check{}, fit.C, []string{"mean: too far off"}, nil, nil)
	got := text(t, r)
	require.True(t, strings.HasPrefix(got, "No prediction: mean: too far off (--force"), got)
	require.NotContains(t, got, "policy  ")
	require.Empty(t, r.Policies)
	forced := text(t, New(model(), fit.Check{}, fit.C, []string{"mean: too far off"}, rows(), nil))
	require.Contains(t, forced, "trust: C, a check has failed.")
	require.Contains(t, forced, "A check has failed: these numbers")
}

func TestJSONHasNoNulls(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, WriteJSON(&b, New(model(), fit.Check{}, fit.A, nil, nil, nil)))
	require.NotContains(t, b.String(), "null")
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	require.Contains(t, b.String(), `"reasons":[]`)
	require.Contains(t, b.String(), `"policies":[]`)
	require.Contains(t, b.String(), `"periods":[]`)
}
