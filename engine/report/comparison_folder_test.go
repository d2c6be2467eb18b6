package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/report/chart"
)

func names(t *testing.T, folder string) []string {
	t.Helper()
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	var out []string
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

func TestWriteComparisonWritesTheWholeSet(t *testing.T) {
	c := small.comparison()
	dir := filepath.Join(t.TempDir(), "reports")
	first, err := NewFolder(dir, sampleStart)
	require.NoError(t, err)
	folder, err := WriteComparison(dir, sampleStart, c)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "20260102-030405-2"), folder, "a fresh folder")
	require.Empty(t, names(t, first))
	want := []string{"comparison_results.json", "report.html", "summary_report.md"}
	for _, chart := range []string{
		"comparison_summary", "latency_ccdf", "latency_distribution", "latency_over_time", "learning_curve",
		"recovery_timeline", "regret", "server_utilization", "throughput_comparison",
	} {
		want = append(want, chart+".png", chart+".svg")
	}
	require.ElementsMatch(t, want, names(t, folder), "and no temporary file stays")

	text, err := os.ReadFile(filepath.Join(folder, "comparison_results.json"))
	require.NoError(t, err)
	var back Comparison
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, c, back)
}

func TestWriteComparisonNamesWhatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := WriteComparison(filepath.Join(file, "reports"), sampleStart, small.comparison())
	require.ErrorContains(t, err, file)

	absent := filepath.Join(t.TempDir(), "absent")
	require.ErrorContains(t, WriteComparisonFiles(absent, small.comparison()), filepath.Join(absent, "comparison_results.json"))

	c := small.comparison()
	c.RatePerS = math.Inf(1)
	folder, err := WriteComparison(t.TempDir(), sampleStart, c)
	require.ErrorContains(t, err, "comparison_results.json")
	require.Empty(t, names(t, folder), "what could not be made whole is not there")
}

// formats are all the writers of the set.
func formats(c Comparison) map[string]func(io.Writer) error {
	out := map[string]func(io.Writer) error{
		"json":     func(w io.Writer) error { return ComparisonJSON(w, c) },
		"markdown": func(w io.Writer) error { return ComparisonMarkdown(w, c) },
		"html":     func(w io.Writer) error { return ComparisonHTML(w, c) },
	}
	figure := Charts(c)[0]
	out["png"] = func(w io.Writer) error { return chart.PNG(w, figure) }
	out["svg"] = func(w io.Writer) error { return chart.SVG(w, figure) }
	return out
}

func TestEveryFormatReportsAFullDisk(t *testing.T) {
	for name, write := range formats(small.comparison()) {
		var whole bytes.Buffer
		require.NoError(t, write(&whole))
		for _, left := range []int{0, 1, whole.Len() / 2, whole.Len() - 1} {
			t.Run(fmt.Sprintf("%s after %d bytes", name, left), func(t *testing.T) {
				require.ErrorIs(t, write(&diskFull{left: left}), errDiskFull)
			})
		}
	}
}
