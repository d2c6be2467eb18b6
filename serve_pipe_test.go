//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A configuration or an access log that has become a pipe keeps no signal from being heard.
func TestServeEndsWhateverItsFilesHaveBecome(t *testing.T) {
	dir := t.TempDir()
	file, access := filepath.Join(dir, "my.yaml"), filepath.Join(dir, "access")
	require.NoError(t, os.WriteFile(file, []byte("servers: [{id: one, url: \"http://127.0.0.1:1\"}]\n"), 0o600))
	s := serveProcess(t, "--listen", "127.0.0.1:0", "--config", file, "--access-log", access)
	s.logs("listening url=(.*)")
	s.logs("started")
	for _, f := range []string{file, access} {
		require.NoError(t, os.Remove(f))
		require.NoError(t, syscall.Mkfifo(f, 0o600))
	}
	s.logs("configuration of before is kept") // which was noticed
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGHUP))
	s.logs("access log of before is kept")
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	s.logs("stopped")
	require.NoError(t, s.cmd.Wait())
}
