package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const quickYAML = `
servers:
  - {id: a, port: 0, base_delay_ms: 2.5}
  - {id: b, port: 0, base_delay_ms: 5}
load_balancer: {port: 0}
traffic: {request_rate: 200}
`

// A run that is told to stop leaves its summary behind, whoever tells it.
func TestSignalsLeaveASummary(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		for _, mode := range []string{"--no-tui", "--plain"} {
			t.Run(sig.String()+mode, func(t *testing.T) {
				t.Parallel()
				leavesASummary(t, sig, mode)
			})
		}
	}
}

func leavesASummary(t *testing.T, sig syscall.Signal, mode string) {
	dir := t.TempDir()
	config := filepath.Join(dir, "quick.yaml")
	require.NoError(t, os.WriteFile(config, []byte(quickYAML), 0o600))
	self, err := os.Executable()
	require.NoError(t, err)
	// The test binary is the program when it is called by its name: see TestMain.
	cmd := &exec.Cmd{Path: self, Args: []string{"slbtui", "--config", config, mode, "--export", filepath.Join(dir, "out")}}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan(), "the first line says that it runs")
	require.NoError(t, cmd.Process.Signal(sig))
	var rest strings.Builder
	for lines.Scan() {
		rest.WriteString(lines.Text() + "\n")
	}
	require.NoError(t, cmd.Wait(), "a clean end: exit code 0")
	require.Contains(t, rest.String(), "summary in")
	files, err := filepath.Glob(filepath.Join(dir, "out", "*", "run_summary.*"))
	require.NoError(t, err)
	require.Len(t, files, 2)
}
