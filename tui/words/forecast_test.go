package words

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func order(f Forecast) string {
	var names []string
	for i := range f.Rows {
		names = append(names, f.Rows[i].Policy)
	}
	return strings.Join(names, " ")
}

func TestForecastOrder(t *testing.T) {
	w := canned.Predicted("done").WhatIf
	require.Equal(t, "q_factored least_request expected_sarsa q_learning round_robin weighted_round_robin peak_ewma prequal social_clairvoyant", order(NewForecast(w, false)),
		"who fails comes after who does not, however fast; the reference is last")
	require.Equal(t, "least_request q_learning expected_sarsa q_factored round_robin weighted_round_robin peak_ewma prequal social_clairvoyant", order(NewForecast(w, true)))
	require.Equal(t, "round_robin", w.Rows[0].Policy, "the snapshot stays as it is")

	f := NewForecast(w, false)
	var against []string
	for i := range f.Rows {
		against = append(against, f.Versus(i))
	}
	require.Equal(t, []string{"-29 to -23%", "-19 to -12%", "-5 to +3%", "routes", "x4.4 to 4.8", "x27 to 30", "-45 to -41%", "", "-31 to -26%"}, against)
	require.True(t, f.WithinNoise(2))
	require.False(t, f.WithinNoise(0))
	w.Rows[2].Versus = live.WhatIfVersus{}
	f = NewForecast(w, false)
	require.Equal(t, "-15%", f.Versus(1), "where no interval is known")
}

func TestIntervals(t *testing.T) {
	for text, v := range map[string]live.Range{
		"-41 to -35%": {-0.41, -0.35}, "+5%": {0.046, 0.054}, "0 to +2%": {-0.001, 0.02}, "x1.5 to 2.5": {0.5, 1.5}, "x12 to 15": {11, 14}, "x999": {1e6, 1e9}, "-99%": {-1, -0.994},
	} {
		require.Equal(t, text, Interval(v))
	}
}

// The first sentence is the answer.
func TestWhatAForecastComesTo(t *testing.T) {
	s := canned.LookedBack("done", "")
	f := NewForecast(s.LookBack, false)
	text := f.Situation(s)
	require.Equal(t, "With q_factored the mean would have been 23 to 29 % lower than with q_learning, which routes (95 % sure).", f.Answer())
	require.Contains(t, strings.Join(text, " "), "4,012 requests (50/s), routed by round_robin, then q_learning")
	require.Contains(t, strings.Join(text, " "), "have seen these minutes")
	require.Equal(t, "as it really was", f.Realities(s)[0].When)
	f = NewForecast(s.LookBack, true)
	require.Contains(t, f.Answer(), "With least_request p99")
	for i := range f.Rows {
		f.Rows[i].Versus.P99 = live.Range{-0.1, 0.1}
	}
	require.Contains(t, f.Answer(), "None would have been better than q_learning")

	b := canned.LookedBack("done", "B")
	f = NewForecast(b.LookBack, false)
	require.Contains(t, strings.Join(f.Situation(b), " "), "trust B: something is not known")
	c := canned.LookedBack("done", "C")
	f = NewForecast(c.LookBack, false)
	require.Contains(t, f.Situation(c)[0], "Nothing is predicted")
}

func TestRealityBesideTheForecast(t *testing.T) {
	s := canned.Predicted("done")
	f := NewForecast(s.WhatIf, false)
	real := f.Realities(s)
	require.Len(t, real, 2)
	require.Equal(t, "mean 9% below", f.Off(&real[0], "q_learning"))
	require.Equal(t, "live, last 43s", real[1].When)
	require.Equal(t, "other situation", f.Off(&real[1], "q_learning"), "a phase in which faults came and went is no comparison")
	real[0].MeanMS = 1.1 * 84
	require.Equal(t, "mean as predicted", f.Off(&real[0], "q_learning"))
	f.ByP99 = true
	require.Equal(t, "p99 4% below", f.Off(&real[0], "q_learning"))
	require.Equal(t, "p99 47% above", f.Off(&real[0], "least_request"))
	require.Empty(t, f.Off(&real[0], "prequal"))
	require.Empty(t, f.Off(&real[0], "nobody"))

	for i := range s.Servers {
		s.Servers[i].Fault = fault.Fault{}
	}
	s.Events = nil
	require.Equal(t, "p99 4% below", f.Off(&f.Realities(s)[1], "q_learning"))
	s.At += f.Lasting
	require.Equal(t, "other situation", f.Off(&f.Realities(s)[0], "q_learning"), "the fault has ended")
	s.At -= f.Lasting
	s.Events = []live.Event{{At: f.At + 1, Kind: "load"}}
	require.Equal(t, "other situation", f.Off(&f.Realities(s)[0], "q_learning"))
	s.Load.Lagging = true
	require.Contains(t, strings.Join(f.Situation(s), " "), "too busy")
}
