package experiment

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// worldly is quick with everything that real HTTP can play, apart from what would take its time.
func worldly() Plan {
	p := quick("random")
	p.Repetitions = 1
	p.Config.Outlier.Consecutive, p.Config.Outlier.FailureShare = 0, 0
	p.Scenario.Classes = []simulate.Class{
		{Share: 0.5, Factor: 0.5}, {Share: 0.3, Hold: time.Hour, Whole: true}, {Share: 0.2, Hold: time.Hour},
	}
	p.Scenario.Servers[0].Pareto, p.Scenario.Servers[0].Sigma = 1.5, 0
	p.Scenario.Servers[1].Discipline = simulate.Sharing
	p.Scenario.ClientTimeout = 20 * time.Second
	p.Scenario.Herd = 10
	return p
}

// Answers that stream for hours are answered when they begin; nobody waits for their ends.
func TestStreamsOverHTTP(t *testing.T) {
	p := worldly()
	p.Config.Traffic.Timeout = time.Minute
	p.Scenario.ClientTimeout = 2 * time.Second // which is also how long the run waits for what is under way
	var l log
	_, err := Run(t.Context(), p, l.observer())
	require.NoError(t, err)
	require.Len(t, l.requests, 100)
	streams := 0
	for _, r := range l.requests {
		require.Less(t, r.Latency, time.Minute)
		if l.traces[0][r.ID-1].Hold > 0 {
			streams++
		}
	}
	require.Greater(t, streams, 30)
}

// A limit that lets one request through and then none for long is a limit over HTTP as well.
func TestLimitOverHTTP(t *testing.T) {
	p := quick("random")
	p.Repetitions = 1
	p.Config.Outlier.Consecutive, p.Config.Outlier.FailureShare = 0, 0
	for i := range p.Scenario.Servers {
		p.Scenario.Servers[i].Limit, p.Scenario.Servers[i].LimitStatus = 1e-9, 404
	}
	var l log
	_, err := Run(t.Context(), p, l.observer())
	require.NoError(t, err)
	served := 0
	for _, r := range l.requests {
		if r.Success {
			served++
		} else {
			require.Equal(t, 404, r.Status)
		}
	}
	require.Equal(t, 2, served, "one each")
}

// A recording keeps the world and what belongs to each request.
func TestRecordingKeepsClasses(t *testing.T) {
	p := worldly()
	p.Scenario.Balancers, p.Scenario.Zones = 3, []string{"x", "y", ""}
	p.Scenario.ZoneRTT = map[simulate.ZonePair]time.Duration{simulate.PairOf("y", "x"): time.Second, simulate.PairOf("x", "x"): time.Millisecond}
	p.Scenario.Faults = []simulate.Fault{{Server: "b", At: time.Second, Out: true}, {At: time.Second, Cut: simulate.PairOf("x", "y")}}
	p.Scenario.Servers[0].Zone = "y"
	p.Scenario.Servers[0].Limit, p.Scenario.Servers[0].LimitStatus = 40, 503
	trace, err := p.trace(0)
	require.NoError(t, err)
	var b bytes.Buffer
	r, err := NewRecorder(&b, p)
	require.NoError(t, err)
	require.NoError(t, r.Trace(1, 7, trace))
	require.NoError(t, r.Request(report.Request{ID: 1, Policy: "random"}))
	require.NoError(t, r.Flush())
	rec, err := ReadRecording("x", &b)
	require.NoError(t, err)
	require.Equal(t, trace, rec.Traces[0])
	want := p.Scenario
	want.Classes, want.Herd = nil, 0 // the requests tell
	require.Equal(t, want, rec.Scenario)

	for field, text := range map[string]string{
		"factor":   `"factor":-1`,
		"hold_ns":  `"hold_ns":-1`,
		"balancer": `"balancer":1`,
	} {
		_, err := ReadRecording("x", bytes.NewReader(bytes.Replace([]byte(sound), []byte(`"luck":0.25`), []byte(`"luck":0.25,`+text), 1)))
		require.ErrorContains(t, err, "x:3: "+field)
	}
}
