package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// ctrl+c during an experiment is no failure: what was finished is reported.
func TestInterruptedExperimentReportsWhatWasFinished(t *testing.T) {
	dir := t.TempDir()
	config, out := filepath.Join(dir, "quick.yaml"), filepath.Join(dir, "out")
	require.NoError(t, os.WriteFile(config, []byte(quickYAML), 0o600))
	cmd := self(t, "--config", config, "experiment", "--policies", "random", "--requests", "20", "--rate", "200",
		"--repetitions", "1000", "--out", out)
	var printed strings.Builder
	cmd.Stdout = &printed
	progress, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(progress)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "3/1000 ") {
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	for lines.Scan() {
	}
	require.NoError(t, cmd.Wait(), "a clean end: exit code 0")
	require.Contains(t, printed.String(), "note: interrupted in repetition")
	files, err := filepath.Glob(filepath.Join(out, "*", "comparison_results.json"))
	require.NoError(t, err)
	require.Len(t, files, 1)
}
