package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/metrics"
	"slbtui/engine/stats"
	"slbtui/engine/summary"
	"slbtui/qlearn"
)

// sampleRun records a small run through the real recorder, so that the files show its numbers.
func sampleRun() summary.Run {
	r := metrics.NewRecorder([]string{"server1", "server2", "server3"})
	ids := []string{"server1", "server2", "server3"}
	rr := r.StartPhase(0, metrics.Turn{Policy: "round_robin"})
	for i := range 300 {
		d := time.Duration(50+25*(i%3)+i%7) * time.Millisecond
		r.Request(metrics.Answer{Phase: rr, Server: ids[i%3], Latency: d})
		r.Attempt(metrics.Answer{Server: []string{"server1", "server2", "server3"}[i%3], Latency: d})
	}
	r.Request(metrics.Answer{Phase: rr, Latency: time.Second, Failed: true})
	rl := r.StartPhase(15*time.Second, metrics.Turn{Policy: "q_learning", Learner: true, Updates: 300})
	for i := range 300 {
		r.Request(metrics.Answer{Phase: rl, Server: "server1", Latency: time.Duration(48+i%9) * time.Millisecond})
		r.Attempt(metrics.Answer{Server: "server1", Latency: 50 * time.Millisecond})
	}
	r.EndPhase(30 * time.Second)
	phases, _ := r.Phases(30*time.Second, 10)
	return summary.Run{
		Tool: "slbtui", Version: "test", Go: "go", Seed: 7, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), ElapsedS: 30,
		Listen: "127.0.0.1:8080", MeasuredAt: "client", Policies: r.Policies(30 * time.Second), Phases: phases,
		Servers: r.Live().Totals, Load: &summary.Load{Scheduled: 602, Sent: 601, Completed: 600, Failed: 1, Dropped: 1, LagP99MS: 0.4},
		Learners: []summary.Learner{{
			Name: "q_learning", Params: map[string]float64{"alpha": 0.1}, Stats: qlearn.Stats{States: 2, Updates: 600, Epsilon: 0.05},
			QTable: summary.QTable{Kind: "joint", Servers: ids, States: 2, Rows: []summary.QRow{
				{State: "(low, low, low)", Q: []float64{-50.5, -60.25, 0}, Visits: []uint64{400, 99, 0}, Best: "server1"},
				{State: "(high, low, low)", Q: []float64{-90, -61, -70}, Visits: []uint64{40, 30, 20}, Best: "server2"},
			}},
		}, {Name: "q_factored"}},
		Events: []metrics.Event{
			{Number: 1, Kind: "engine", Text: "started"},
			{Number: 2, At: 15 * time.Second, Kind: "policy", Text: "round_robin → q_learning"},
		},
		Config: map[string]any{"servers": []string{"server1"}},
	}
}

func TestRunMarkdown(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, RunMarkdown(&b, sampleRun()))
	golden.RequireEqual(t, b.Bytes())
}

func TestRunJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, RunJSON(&b, sampleRun()))
	golden.RequireEqual(t, b.Bytes())
}

func TestDigest(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Digest(&b, sampleRun(), "reports/x"))
	golden.RequireEqual(t, b.Bytes())
}

func TestDigestFitsEightyColumns(t *testing.T) {
	r := sampleRun()
	for i := range r.Phases {
		p := &r.Phases[i]
		p.Number, p.Policy, p.Start, p.End, p.WarmStart = 999, "weighted_round_robin", 10*time.Hour, 20*time.Hour, true
		p.Summary.Requests, p.Summary.MeanMS, p.Summary.P99MS, p.Summary.CV = 12_345_678, 9999.9, 60_000, 9.99
	}
	var b strings.Builder
	require.NoError(t, Digest(&b, r, ""))
	for _, line := range strings.Split(b.String(), "\n") {
		require.LessOrEqual(t, len(line), 80, line)
	}
}

func TestWriteRunLeavesWholeFilesInANewFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "reports")
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	require.NoError(t, CheckFolder(dir))
	first, err := WriteRun(dir, at, sampleRun())
	require.NoError(t, err)
	second, err := WriteRun(dir, at, sampleRun())
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "20260102-030405"), first)
	require.Equal(t, first+"-2", second, "a second export in the same second overwrites nothing")
	for _, folder := range []string{first, second} {
		files, err := os.ReadDir(folder)
		require.NoError(t, err)
		for _, f := range files {
			require.False(t, strings.HasPrefix(f.Name(), "."), "no temporary file stays: %s", f.Name())
		}
		require.FileExists(t, filepath.Join(folder, "report.html"))
		require.FileExists(t, filepath.Join(folder, "latency_ccdf.png"))
		text, err := os.ReadFile(filepath.Join(folder, "run_summary.json"))
		require.NoError(t, err)
		var back summary.Run
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, sampleRun().Phases, back.Phases)
	}
}

func TestAFolderThatCannotBeWrittenIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	err := CheckFolder(filepath.Join(file, "reports"))
	require.ErrorContains(t, err, file)
	require.ErrorContains(t, err, "--export")
	_, err = WriteRun(filepath.Join(file, "reports"), time.Now(), sampleRun())
	require.ErrorContains(t, err, file)
}

// A percentage compares policies only where both met about the same.
func TestUnlikePhasesAreNotCompared(t *testing.T) {
	run := func(rate float64, events ...metrics.Event) summary.Run {
		total := func(policy string, learner bool, mean, rate float64) metrics.PolicyTotal {
			return metrics.PolicyTotal{Policy: policy, Learner: learner, Summary: metrics.Summary{Requests: uint64(20 * rate), MeanMS: mean, ElapsedS: 20, SuccessRate: 1}}
		}
		return summary.Run{
			ElapsedS: 40, Events: events,
			Policies: []metrics.PolicyTotal{total("round_robin", false, 80, 50), total("q_factored", true, 60, rate)},
			Phases: []metrics.Phase{
				{Number: 1, Policy: "round_robin", End: 20 * time.Second},
				{Number: 2, Policy: "q_factored", Start: 20 * time.Second, End: 40 * time.Second},
			},
		}
	}
	slow := func(at, length time.Duration) metrics.Event {
		return metrics.Event{At: at, Kind: "fault", Server: "server1", Fault: &fault.Span{Fault: fault.Fault{Slow: 5}, For: length}}
	}
	stood := run(52)
	stood.Phases[1].StoodStill = 12 * time.Second
	for name, test := range map[string]struct {
		run  summary.Run
		want string // of the digest
		why  string // in the report
	}{
		"alike":       {run(52), "mean -25.0 %", ""},
		"gap":         {stood, "not comparable, phase 2 stood still for 12 s", "phase 2 stood still for 12 s"},
		"load":        {run(105), "load differs (105 requests/s, not 50)", "load differs (105 requests/s, not 50)"},
		"fault":       {run(50, slow(2*time.Second, 10*time.Second)), "faults differ (0 of 20 s, not 10 of 20 s)", "faults differ (0 of 20 s, not 10 of 20 s)"},
		"equal fault": {run(50, slow(2*time.Second, 10*time.Second), slow(25*time.Second, 10*time.Second)), "mean -25.0 %", ""},
		"overlapping": {run(50, slow(10*time.Second, 8*time.Second), slow(12*time.Second, 25*time.Second)), "faults differ (17 of 20 s, not 10 of 20 s)", "faults differ (17 of 20 s, not 10 of 20 s)"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, "q_factored against round_robin: "+test.want, improvement(test.run))
			c := Session(test.run)
			require.Equal(t, test.why, c.Incomparable["q_factored"])
			_, compared := c.Improvement["q_factored"]
			require.Equal(t, test.why == "", compared)
			var b strings.Builder
			require.NoError(t, ComparisonMarkdown(&b, c))
			if test.why != "" {
				require.Contains(t, b.String(), "; not comparable with round_robin: "+test.why)
				require.NotContains(t, b.String(), "-25.0 %")
			} else {
				require.Contains(t, b.String(), "mean -25.0 % against round_robin")
			}
		})
	}
}

// What is wrong with a run is said wherever its latencies are.
func TestDroppedAndEmptyRuns(t *testing.T) {
	r := sampleRun()
	r.Load = &summary.Load{Scheduled: 200, Sent: 68, Dropped: 132, LagP99MS: 50, LagMaxMS: 70, Lagging: true}
	r.Policies = append(r.Policies, metrics.PolicyTotal{Policy: "p2c", Summary: metrics.Summary{Requests: 3, Failures: 3}})
	r.Phases = append(r.Phases, metrics.Phase{Number: 3, Policy: "p2c", Summary: metrics.Summary{Requests: 3, Failures: 3}})
	c := Session(r)
	require.Len(t, c.Invalid, 2)
	for _, name := range c.Policies {
		require.Equal(t, Lag{P99MS: 50, MaxMS: 70, Dropped: 132, Lagged: true}, c.Strategies[name].Lag, "as the run's own mark")
	}
	for name, write := range map[string]func(*strings.Builder) error{
		"digest":  func(b *strings.Builder) error { return Digest(b, r, "") },
		"run":     func(b *strings.Builder) error { return RunMarkdown(b, r) },
		"session": func(b *strings.Builder) error { return ComparisonMarkdown(b, c) },
	} {
		var b strings.Builder
		require.NoError(t, write(&b))
		require.Regexp(t, "not to be trusted|Not to be trusted: more than one request in a hundred was not sent", b.String(), name)
		require.Regexp(t, `p2c[^\n]* - +(\| )?- `, b.String(), name)
	}
}

// Names from outside do nothing to a terminal that shows a report.
func TestReportsArePrintable(t *testing.T) {
	c := Comparison{Scenario: "evil\x1b]0;pwn\a", Policies: []string{"p2c"}, Strategies: map[string]PolicyResult{
		"p2c": {Policy: "p2c", ByServer: map[string]uint64{"head\x1b[2Jer": 1}},
	}}
	var b strings.Builder
	require.NoError(t, ComparisonMarkdown(&b, c))
	require.NotContains(t, b.String(), "\x1b")
	require.Contains(t, b.String(), "head [2Jer")
}

func TestUnknownIntervalsAreNull(t *testing.T) {
	text, err := json.Marshal(PairedDifference{CIMS: stats.Interval{-3, 1.5}})
	require.NoError(t, err)
	require.Contains(t, string(text), `"ci_95_ms":[-3,1.5]`)
	require.Contains(t, string(text), `"ci_95_percent":null`)
	var back PairedDifference
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, PairedDifference{CIMS: stats.Interval{-3, 1.5}}, back)
}
