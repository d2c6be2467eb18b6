//go:build unix

package engine

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
)

// What has become a pipe is not waited for: the files of before stay in use, and the engine ends.
func TestFilesThatBecomePipes(t *testing.T) {
	dir := t.TempDir()
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.TLS, _ = writeCertificate(t, dir, 1)
	e := start(t, cfg, Options{ServeOnly: true})
	for _, file := range []string{cfg.LoadBalancer.TLS.CertFile, cfg.LoadBalancer.TLS.KeyFile} {
		whole, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.Remove(file))
		require.NoError(t, syscall.Mkfifo(file, 0o600))
		require.ErrorContains(t, e.Do(t.Context(), live.RefreshCertificate{}), "no regular file")
		require.NoError(t, os.Remove(file))
		require.NoError(t, os.WriteFile(file, whole, 0o600))
		do(t, e, live.RefreshCertificate{})
	}
	authorities := dir + "/authorities"
	require.NoError(t, syscall.Mkfifo(authorities, 0o600))
	cfg.LoadBalancer.UpstreamTLS.CAFile = authorities
	require.ErrorContains(t, e.Reconfigure(t.Context(), cfg), "no regular file")
}
