package report

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/metrics"
	"slbtui/engine/report/chart"
	"slbtui/engine/summary"
)

// sampleSeconds are the seconds of sampleRun: 15 of round robin, then 15 of Q-learning.
func sampleSeconds() []metrics.Second {
	var out []metrics.Second
	for i := range 30 {
		s := metrics.Second{At: time.Duration(i+1) * time.Second, Phase: 1, Requests: 20, MeanMS: 78, P50MS: 77, P95MS: 104, P99MS: 106}
		s.Servers = []metrics.ServerSecond{{Requests: 10, Utilisation: 0.5}, {Requests: 6, Utilisation: 0.25}, {Requests: 4, Utilisation: -1}}
		if i >= 15 {
			s.Phase, s.MeanMS = 2, 52
			s.Servers = []metrics.ServerSecond{{Requests: 20, Utilisation: 0.75}, {}, {}}
		}
		out = append(out, s)
	}
	out[14].Failures = 1
	return out
}

func TestSession(t *testing.T) {
	r := sampleRun()
	r.EarlierPhases = 2
	c := Session(withSeconds(r, sampleSeconds()))
	require.Equal(t, KindSession, c.Kind)
	require.Equal(t, []string{"round_robin", "q_learning"}, c.Policies)
	require.Equal(t, "round_robin", c.Baseline)
	require.Empty(t, c.Invalid)
	require.Len(t, c.Notes, 2)
	require.Nil(t, c.Improvement["q_learning"].All, "nothing is paired in a session")
	require.Positive(t, c.Improvement["q_learning"].LatencyReductionPercent)

	rr, rl := c.Strategies["round_robin"], c.Strategies["q_learning"]
	require.Equal(t, r.Policies[0].Summary, rr.Summary, "the numbers of the session's own summary")
	require.Equal(t, []RunResult{{Number: 2, Order: 2, Seed: 7, StartS: 15, EndS: 30, Warmed: true, Summary: r.Phases[1].Summary, Lag: rl.Lag}}, rl.Runs)
	require.Len(t, rr.Timeline, 15)
	require.Equal(t, TimelinePoint{
		EndS: 1, Requests: 20, MeanMS: 78, P50MS: 77, P95MS: 104, P99MS: 106,
		Share: []float64{0.5, 0.3, 0.2}, Utilisation: []float64{0.5, 0.25, -1},
	}, rr.Timeline[0])
	require.Equal(t, 16.0, rl.Timeline[0].EndS)

	var windows, learned uint64
	for _, w := range rr.Windows {
		windows += w.Requests
		require.InDelta(t, 78, w.MeanMS, 1e-9)
	}
	require.EqualValues(t, 300, windows, "every second is in one window")
	require.InDelta(t, 19, rr.Windows[len(rr.Windows)-1].Throughput, 1e-9, "successes only")
	learned = rr.LearningCurve[len(rr.LearningCurve)-1].Requests
	require.EqualValues(t, 300, learned)

	for _, write := range formats(c) {
		require.NoError(t, write(&bytes.Buffer{}))
	}
	require.Equal(t, chart.Axis{Label: "time since the session began, s", Max: 30}, timeAxis(c))
}

func TestSessionFromItsMiddle(t *testing.T) {
	c := Session(withSeconds(sampleRun(), sampleSeconds()[20:]))
	require.Empty(t, c.Strategies["round_robin"].Timeline)
	require.Len(t, c.Strategies["q_learning"].Timeline, 10)
	require.Equal(t, 20.0, timeAxis(c).Min)
	require.Contains(t, c.Notes[len(c.Notes)-1], "series begin at 20 s")
}

func TestSessionShowsOnlyWhenAPolicyRouted(t *testing.T) {
	seconds := sampleSeconds()
	for i := range 5 {
		seconds[25+i].Phase = 1
	}
	c := Session(withSeconds(sampleRun(), seconds))
	for _, name := range []string{"latency_over_time", "throughput_comparison"} {
		require.Equal(t, 1, gaps(chartOf(t, c, name).Panels[0].Lines[0].Y), "before the learner and after it")
	}
}

func TestSessionWithoutSeconds(t *testing.T) {
	r := sampleRun()
	r.Load.Lagging = true
	c := Session(r)
	require.Len(t, c.Invalid, 1)
	var found []string
	for _, chart := range Charts(c) {
		found = append(found, chart.Name)
	}
	require.Equal(t, []string{"comparison_summary", "latency_distribution", "latency_ccdf", "server_utilization"}, found)
	_, err := WriteComparison(t.TempDir(), sampleStart, c)
	require.NoError(t, err)
	_, err = WriteComparison(t.TempDir(), sampleStart, Session(summary.Run{}))
	require.NoError(t, err, "a session in which nothing happened")
}

func TestSessionFaults(t *testing.T) {
	event := func(at int, server string, f fault.Fault, lasts time.Duration) metrics.Event {
		return metrics.Event{At: time.Duration(at) * time.Second, Kind: "fault", Server: server, Fault: &fault.Span{Fault: f, For: lasts}}
	}
	got := sessionFaults([]metrics.Event{
		event(1, "server1", fault.Fault{Slow: 5}, 0),
		event(2, "server2", fault.Fault{ErrorRate: 0.2}, 10*time.Second),
		event(3, "server3", fault.Fault{Stall: true}, time.Minute),
		{At: 4 * time.Second, Kind: "load", Text: "rate 5 requests/s"},
		event(5, "server1", fault.Fault{}, 0),
		event(20, "", fault.Fault{}, 0),
		event(25, "server1", fault.Fault{Crash: true}, 0),
		event(26, "server2", fault.Fault{Slow: 2}, time.Minute),
	}, 30)
	require.Equal(t, []FaultSpan{
		{Server: "server1", Kind: "slow x5", StartS: 1, EndS: 5},
		{Server: "server2", Kind: "errors 20%", StartS: 2, EndS: 12},
		{Server: "server3", Kind: "stalled", StartS: 3, EndS: 20},
		{Server: "server1", Kind: "crashed", StartS: 25, EndS: 30},
		{Server: "server2", Kind: "slow x2", StartS: 26, EndS: 30},
	}, got)
	require.Empty(t, sessionFaults(nil, 30))
}

func withSeconds(r summary.Run, seconds []metrics.Second) summary.Run {
	r.Seconds = seconds
	return r
}

// gaps counts the stretches of NaN between values.
func gaps(y []float64) int {
	n := 0
	for i := 2; i < len(y); i++ {
		if math.IsNaN(y[i-1]) && !math.IsNaN(y[i]) {
			n++
		}
	}
	return n
}
