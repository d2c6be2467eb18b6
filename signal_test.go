package main

import (
	"bufio"
	"io"
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

// A run that is told to stop leaves its summary behind, whoever tells it and however often.
func TestSignalsLeaveASummary(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			r := startQuick(t, "--no-tui")
			require.NoError(t, r.cmd.Process.Signal(sig))
			require.Contains(t, r.ends(t), "summary in")
		})
	}
	t.Run("a closed terminal sends several hangups", func(t *testing.T) {
		t.Parallel()
		r := startQuick(t, "--no-tui")
		ended := make(chan struct{})
		go func() {
			for {
				select {
				case <-ended:
					return
				default:
					_ = r.cmd.Process.Signal(syscall.SIGHUP) // it may be gone
				}
			}
		}()
		text := r.ends(t)
		close(ended)
		require.Contains(t, text, "summary in")
	})
	t.Run("plain text", func(t *testing.T) {
		t.Parallel()
		r := startQuick(t, "--plain")
		require.NoError(t, r.cmd.Process.Signal(syscall.SIGTERM))
		require.Contains(t, r.ends(t), "summary in")
	})
	t.Run("nobody reads on", func(t *testing.T) {
		t.Parallel()
		r := startQuick(t, "--no-tui")
		require.NoError(t, r.out.Close())
		r.ends(t)
	})
}

// quickRun is the program in a process of its own, once it runs.
type quickRun struct {
	cmd   *exec.Cmd
	out   io.Closer
	lines *bufio.Scanner
	dir   string
}

func startQuick(t *testing.T, mode string) *quickRun {
	dir := t.TempDir()
	config := filepath.Join(dir, "quick.yaml")
	require.NoError(t, os.WriteFile(config, []byte(quickYAML), 0o600))
	cmd := self(t, "--config", config, mode, "--export", filepath.Join(dir, "out"))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan(), "the first line says that it runs")
	return &quickRun{cmd, out, lines, dir}
}

// ends waits for a clean end with a summary and returns what was printed.
func (r *quickRun) ends(t *testing.T) string {
	var rest strings.Builder
	for r.lines.Scan() {
		rest.WriteString(r.lines.Text() + "\n")
	}
	require.NoError(t, r.cmd.Wait(), "a clean end: exit code 0")
	files, err := filepath.Glob(filepath.Join(r.dir, "out", "*", "run_summary.*"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	return rest.String()
}
