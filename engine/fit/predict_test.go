package fit

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
)

// What policies are predicted to make of the requests of a log is what they make of them in the world it came from.
func TestPredictionsAreWhatHappens(t *testing.T) {
	slow := simulate.Fault{Server: "app1", At: 20 * time.Second, For: 20 * time.Second}
	slow.Slow = 5
	others := []string{"least_request", "peak_ewma_full", "q_factored"}
	for _, sc := range []simulate.Scenario{world(.6), world(.8), world(.5, slow), sharing(world(.7))} {
		trace, err := simulate.Trace(sc, 1)
		require.NoError(t, err)
		for _, by := range []string{"round_robin", "least_request"} {
			m, err := Fit(logged(t, sc, by, 1))
			require.NoError(t, err)
			rows, err := m.Predict(context.Background(), Plan{Policies: others, Options: options()})
			require.NoError(t, err)
			require.True(t, rows[0].Logged)
			for _, row := range rows[1:] {
				truth, err := simulate.RunTrace(sc, row.Policy, options(), trace, 1)
				require.NoError(t, err)
				require.InEpsilon(t, truth.All.MeanMS, row.MeanMS, .06, "%s after %s at %v", row.Policy, by, sc.Load)
				require.InEpsilon(t, truth.All.P99MS, row.P99MS, .12, "%s after %s at %v", row.Policy, by, sc.Load)
			}
		}
	}
}

// What the log never saw is a range, and the truth lies in it.
func TestUnknownSlotsMakeRanges(t *testing.T) {
	sc := world(.3)
	m, _, g, _ := graded(t, logged(t, sc, "round_robin", 1))
	require.Equal(t, B, g)
	rows, err := m.Predict(context.Background(), Plan{Policies: []string{"q_factored"}, Options: options()})
	require.NoError(t, err)
	truth, err := simulate.Run(sc, "q_factored", options(), 1)
	require.NoError(t, err)
	require.Less(t, rows[1].P99Range[0], 1.05*truth.All.P99MS)
	require.Greater(t, rows[1].P99Range[1], .95*truth.All.P99MS)
	require.Greater(t, rows[1].P99Range[1]-rows[1].P99Range[0], .1*rows[1].P99MS)
}

func TestErrorsAreOfTheServersThatAreAsked(t *testing.T) {
	failing := simulate.Fault{Server: "app1", At: 20 * time.Second, For: 20 * time.Second}
	failing.ErrorRate = 1
	sc := world(.4, failing)
	trace, err := simulate.Trace(sc, 1)
	require.NoError(t, err)
	m, err := Fit(logged(t, sc, "round_robin", 1))
	require.NoError(t, err)
	rows, err := m.Predict(context.Background(), Plan{Policies: []string{"least_request"}, Options: options()})
	require.NoError(t, err)
	truth, err := simulate.RunTrace(sc, "least_request", options(), trace, 1)
	require.NoError(t, err)
	require.InDelta(t, truth.All.ErrorRate, rows[1].ErrorRate, .02)
}

func TestEqualLogsGiveEqualPredictions(t *testing.T) {
	var before []Prediction
	for range 2 {
		m, err := Fit(logged(t, world(.6), "p2c", 1))
		require.NoError(t, err)
		rows, err := m.Predict(context.Background(), Plan{Policies: []string{"least_request"}, Options: options()})
		require.NoError(t, err)
		if before != nil {
			require.Equal(t, before, rows)
		}
		before = rows
	}
}

func TestPredictEndsWithItsContext(t *testing.T) {
	m, err := Fit(logged(t, world(.6), "p2c", 1))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = m.Predict(ctx, Plan{Policies: []string{"least_request"}, Options: options()})
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhatIf(t *testing.T) {
	m, err := Fit(logged(t, world(.6), "round_robin", 1))
	require.NoError(t, err)
	mean := func(c Change) float64 {
		rows, err := m.Predict(context.Background(), Plan{Policies: []string{"round_robin", "least_request"}, Options: options(), Change: c})
		require.NoError(t, err)
		return rows[len(rows)-1].MeanMS
	}
	usual := mean(Change{})
	require.Greater(t, mean(Change{Speed: 1.5}), 1.1*usual)
	require.Greater(t, mean(Change{Without: []string{"app1"}}), 1.1*usual)
	require.Less(t, mean(Change{Slots: map[string]int{"app1": 20}}), usual)
	for _, c := range []Change{{Without: []string{"app9"}}, {Without: m.Log.Servers}, {Slots: map[string]int{"app9": 1}}, {Slots: map[string]int{"app1": 0}}} {
		_, err := m.Predict(context.Background(), Plan{Options: options(), Change: c})
		require.ErrorIs(t, err, ErrChange)
	}
}

func TestTheScenarioCanBeReadAgain(t *testing.T) {
	slow := simulate.Fault{Server: "app1", At: 20 * time.Second, For: 20 * time.Second}
	slow.Slow = 5
	m, err := Fit(logged(t, sharing(world(.6, slow)), "least_request", 1))
	require.NoError(t, err)
	want := m.Scenario()
	require.NoError(t, want.Validate())
	var b bytes.Buffer
	require.NoError(t, WriteScenario(&b, want))
	got, err := simulate.ParseScenario("fit.yaml", b.Bytes())
	require.NoError(t, err, b.String())
	require.Equal(t, want, got)
}

// Addresses are no ids.
func TestServersInFilesHaveIDs(t *testing.T) {
	l := logged(t, world(.6), "p2c", 1)
	l.Servers = []string{"10.0.0.1:80", "[2001:db8::1]:80", "10.0.0.1/80"}
	m, err := Fit(l)
	require.NoError(t, err)
	require.Equal(t, []string{"10.0.0.1-80", "-2001-db8--1--80", "server3"}, m.Scenario().ServerIDs())
}

// Who thinks long about a request is predicted on the busiest alone, and the row says of how many.
func TestDearPoliciesAreCutShort(t *testing.T) {
	sc := world(.7)
	sc.Duration = 3 * time.Minute
	m, err := Fit(logged(t, sc, "round_robin", 1))
	require.NoError(t, err)
	require.Greater(t, len(m.Log.Requests), MostResampled)
	rows, err := m.Predict(context.Background(), Plan{Policies: []string{"q_network", "least_request"}, Options: options(), Seeds: 1})
	require.NoError(t, err)
	require.Equal(t, MostResampled, rows[1].Requests)
	require.NotZero(t, rows[1].LoggedP99MS)
	require.Equal(t, len(m.Log.Requests), rows[2].Requests)
}

// Each prediction has something to draw, and so has the check.
func TestViews(t *testing.T) {
	m, c, _, _ := graded(t, logged(t, world(.7), "round_robin", 1))
	rows, err := m.Predict(context.Background(), Plan{Policies: []string{"least_request"}, Options: options(), Seeds: 1})
	require.NoError(t, err)
	for _, v := range []View{c.LogView, c.SimulatedView, rows[1].View} {
		require.Len(t, v.Crowded, 3)
		require.Greater(t, len(v.Crowded[2]), 3)
		require.Equal(t, 5*time.Second, v.Window.Round(100*time.Millisecond))
		require.Greater(t, len(v.Slower), 50)
		require.InDelta(t, 1, v.Slower[0].Share, 0)
	}
	require.InEpsilon(t, c.Log.P99MS, c.LogView.Slower[60].MS, .01, "the share of one in a hundred")
}
