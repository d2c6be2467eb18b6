package routing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

func outcome(now time.Duration, ok bool) policy.Outcome {
	o := policy.Outcome{Now: now, Latency: time.Millisecond, Status: 200}
	if !ok {
		o.Status = 500
	}
	return o
}

// Each script is a request a step, 100 ms apart: "+" answered, "-" failed. The server is to be ejected at its end.
func TestOutlierScripts(t *testing.T) {
	for name, tc := range map[string]struct {
		script string
		trips  bool
	}{
		"failures in a row":            {"+++-----", true},
		"one fewer":                    {"+++----", false},
		"a good answer between":        {"----+----", false},
		"a third of enough requests":   {"++-++-++-++-++-++-++-", true},
		"a third of too few":           {"++-++-++-++-", false},
		"less than the share":          {"++++-++++-++++-++++-++++-", false},
		"the first requests count too": {"-----", true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := DefaultOutlierConfig()
			var o outlier
			trips := false
			for i, c := range tc.script {
				trips = o.record(outcome(time.Duration(i)*100*time.Millisecond, c == '+'), &cfg)
			}
			require.Equal(t, tc.trips, trips)
		})
	}
}

func TestOutlierWindowForgets(t *testing.T) {
	cfg := DefaultOutlierConfig()
	cfg.Consecutive = 0
	var o outlier
	for i := range 19 {
		require.False(t, o.record(outcome(time.Duration(i)*10*time.Millisecond, false), &cfg))
	}
	for s := 1; s <= 9; s++ {
		o.advance(time.Duration(s) * time.Second)
		require.EqualValues(t, 19, o.bad)
	}
	o.advance(10 * time.Second)
	require.Zero(t, o.bad)
	require.False(t, o.record(outcome(time.Hour, false), &cfg))
	require.EqualValues(t, 1, o.bad)
	o.advance(time.Minute)
	require.EqualValues(t, 1, o.bad, "an outcome that comes late changes no bucket")
}

func TestOutlierIgnoresWhatSaysNothing(t *testing.T) {
	cfg := DefaultOutlierConfig()
	var o outlier
	for range 100 {
		require.False(t, o.record(policy.Outcome{Cancelled: true, Failure: policy.FailureRemote}, &cfg))
		require.False(t, o.record(policy.Outcome{Failure: policy.FailureLocal}, &cfg))
	}
	require.Zero(t, o.streak)
	for i := range 4 {
		o.record(outcome(time.Second+time.Duration(i), false), &cfg)
	}
	o.record(policy.Outcome{Now: 1100 * time.Millisecond, Latency: 200 * time.Millisecond, Status: 200}, &cfg)
	require.Equal(t, 4, o.streak, "this answer was under way before")
	o.record(policy.Outcome{Now: 1200 * time.Millisecond, Latency: 100 * time.Millisecond, Status: 200}, &cfg)
	require.Zero(t, o.streak)
}

func TestOutlierEjectionsGrowAndAreForgiven(t *testing.T) {
	cfg := OutlierConfig{Consecutive: 2, BaseEjection: 5 * time.Second, MaxEjection: 12 * time.Second}
	var o outlier
	fail := func(now time.Duration, n int) (trips bool) {
		for range n {
			trips = o.record(outcome(now, false), &cfg)
		}
		return trips
	}
	now := time.Duration(0)
	for _, stay := range []time.Duration{5, 10, 12, 12} {
		require.True(t, fail(now, 2))
		o.eject(now, &cfg)
		require.Equal(t, now+stay*time.Second, o.until)
		require.False(t, o.due(now))
		require.False(t, fail(now+time.Second, 5), "an ejected server cannot be ejected")
		now = o.until
		require.True(t, o.due(now))
		o.restore(now, &cfg)
		require.True(t, fail(now, 1), "on probation one failure is enough")
		o.restore(now, &cfg)
	}
	for range 2 {
		o.record(outcome(now+time.Second, true), &cfg)
	}
	require.False(t, fail(now+2*time.Second, 1), "it has proven itself")
	now += 15 * time.Second // three base times in use
	fail(now, 2)
	require.Contains(t, o.eject(now, &cfg), "out for 10s")
	require.EqualValues(t, 5, o.total)
}
