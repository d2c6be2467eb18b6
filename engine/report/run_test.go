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

	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

// sampleRun records a small run through the real recorder, so that the files show its numbers.
func sampleRun() Run {
	r := metrics.NewRecorder([]string{"server1", "server2", "server3"})
	ids := []string{"server1", "server2", "server3"}
	rr := r.StartPhase(0, "round_robin", false, 0)
	for i := range 300 {
		d := time.Duration(50+25*(i%3)+i%7) * time.Millisecond
		r.Request(rr, ids[i%3], d, false)
		r.Attempt([]string{"server1", "server2", "server3"}[i%3], d, false)
	}
	r.Request(rr, "", time.Second, true)
	rl := r.StartPhase(15*time.Second, "q_learning", true, 300)
	for i := range 300 {
		r.Request(rl, "server1", time.Duration(48+i%9)*time.Millisecond, false)
		r.Attempt("server1", 50*time.Millisecond, false)
	}
	r.EndPhase(30 * time.Second)
	phases, _ := r.Phases(30*time.Second, 10)
	return Run{
		Tool: "slbtui", Version: "test", Go: "go", Seed: 7, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), ElapsedS: 30,
		Listen: "127.0.0.1:8080", MeasuredAt: "client", Policies: r.Policies(30 * time.Second), Phases: phases,
		Servers: r.Live().Totals, Load: &Load{Scheduled: 602, Sent: 601, Completed: 600, Failed: 1, Dropped: 1, LagP99MS: 0.4},
		Learners: []Learner{{
			Name: "q_learning", Params: map[string]float64{"alpha": 0.1}, Stats: qlearn.Stats{States: 2, Updates: 600, Epsilon: 0.05},
			QTable: QTable{Kind: "joint", Servers: ids, States: 2, Rows: []QRow{
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
		var back Run
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

func TestDigestSaysThatTheLoadDiffered(t *testing.T) {
	total := func(policy string, learner bool, mean, rate float64) metrics.PolicyTotal {
		return metrics.PolicyTotal{Policy: policy, Learner: learner, Summary: metrics.Summary{Requests: 100, MeanMS: mean, Throughput: rate}}
	}
	rr := total("round_robin", false, 80, 50)
	require.Equal(t, "q_factored against round_robin: mean -25.0 %", improvement([]metrics.PolicyTotal{rr, total("q_factored", true, 60, 52)}))
	require.Equal(t, "q_factored against round_robin: mean -25.0 %; load 105/s, not 50/s", improvement([]metrics.PolicyTotal{rr, total("q_factored", true, 60, 105)}))
}
