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
		against = append(against, f.Against(i))
	}
	require.Equal(t, []string{"best", "+15%", "+34%", "+35%", "x6.3", "x39", "-23%", "", "-3%"}, against)
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
	require.Contains(t, strings.Join(f.Situation(s.At, true), " "), "lags")
}
