package fitreport

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/fit"
	"slbtui/engine/report/chart"
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

// seen is a check and predictions with something to draw.
func seen() (fit.Check, []fit.Prediction) {
	view := fit.View{
		Window: 10 * time.Second, P99: []float64{100, 200, 0, 150}, Slower: []fit.Slower{{MS: 10, Share: 1}, {MS: 100, Share: .01}},
		Crowded: [][]fit.Crowd{{{Others: 0, MeanMS: 50}, {Others: 4, MeanMS: 90}}, {{Others: 0, MeanMS: 75}, {Others: 3, MeanMS: 80}}},
	}
	all := rows()
	for i := range all {
		if all[i].Requests = 600; !all[i].Logged {
			all[i].View = view
		}
	}
	return fit.Check{By: "round_robin", LogView: view, SimulatedView: view, Log: fit.Marks{MeanMS: 85}, Simulated: fit.Marks{MeanMS: 84}}, all
}

func drawn() Report {
	m := model()
	for i := range m.Servers {
		m.Servers[i].Curve = []fit.Likelihood{{Slots: 1, Against: -900}, {Slots: 3, Against: -20}, {Slots: 4}, {Slots: 5, Against: -4}, {Slots: 40, Against: -30}, {Against: -90}}
	}
	check, all := seen()
	return New(m, check, fit.A, nil, all, []string{"a note"})
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

// A number that is known within a wide range only is not one.
func TestAWideRangeIsNoNumber(t *testing.T) {
	m := model()
	m.Servers[0].Slots, m.Servers[0].Low, m.Servers[0].High = 4, 1, 5
	r := New(m, fit.Check{}, fit.B, []string{"app1"}, rows(), nil)
	require.Zero(t, r.Servers[0].Slots)
	require.Contains(t, text(t, r), "1 to 5")
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

func TestCharts(t *testing.T) {
	names := map[string]int{}
	for _, figure := range Charts(drawn()) {
		names[figure.Name] = len(figure.Panels)
		for _, draw := range []func(io.Writer, chart.Chart) error{chart.PNG, chart.SVG} {
			var b bytes.Buffer
			require.NoError(t, draw(&b, figure))
			require.NotZero(t, b.Len())
		}
	}
	require.Equal(t, map[string]int{"slower_under_load": 2, "latency_ccdf": 1, "p99_over_time": 1, "slots_likelihood": 2}, names)
	figure := overTime(drawn())
	require.Equal(t, "app1 slow", figure.Panels[0].Shades[0].Label)
	require.Equal(t, "the log (round_robin)", figure.Keys[0].Name)
	require.Equal(t, []string{"q_factored", "least_request"}, []string{figure.Keys[2].Name, figure.Keys[3].Name}, "the best first")
	require.Empty(t, Charts(New(model(), fit.Check{}, fit.C, []string{"no"}, nil, nil)), "nothing to draw")
}

// Markdown and HTML say the same, the answer first.
func TestThePageSaysWhatTheTextSays(t *testing.T) {
	r := drawn()
	var md, html bytes.Buffer
	require.NoError(t, WriteMarkdown(&md, r))
	require.NoError(t, WriteHTML(&html, r))
	require.True(t, strings.HasPrefix(md.String(), "# What other policies would have made of this log\n\n**q_factored would have had"), md.String())
	for _, s := range []string{"101 to 136", "least_request", "HAProxy: balance leastconn", "4 (4-5)", "3 or more", "slow x5.00 1.00-3.00 s", "a note", "nothing that matters is unknown"} {
		require.Contains(t, md.String(), s)
		require.Contains(t, html.String(), s)
	}
	require.Equal(t, 4, strings.Count(html.String(), "<svg"))
	require.Equal(t, 4, strings.Count(md.String(), ".png)"))
	failed := New(model(), fit.Check{}, fit.C, []string{"mean: too far off"}, nil, nil)
	html.Reset()
	require.NoError(t, WriteHTML(&html, failed))
	require.Contains(t, html.String(), "Not to be trusted: mean: too far off.")
}

// What is not of all requests says so.
func TestCapsAreTold(t *testing.T) {
	m := model()
	m.Log.Requests = make([]fit.Request, 2*fit.MostResampled)
	all := rows()
	all[0].Requests, all[1].Requests = 2*fit.MostResampled, 2*fit.MostResampled
	all[2].Policy, all[2].Requests, all[2].LoggedP99MS = "dqn", fit.MostResampled, 240
	got := text(t, New(m, fit.Check{}, fit.A, nil, all, nil))
	require.Contains(t, got, "intervals are worked out on the busiest 20000 of the 40000 requests")
	require.Contains(t, got, "dqn thinks too long about a request to be predicted on all: its numbers are of the busiest 20000, of which the log has a mean of 0.0 ms and a p99 of 240.0")
}
