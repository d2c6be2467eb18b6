//go:build unix

package accesslog

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/proxy"
)

// A pipe is a log like any other while it is read; nobody waits for its reader, at no time.
func TestAPipeHoldsNobodyUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	_, err := Open(path)
	require.ErrorContains(t, err, "nobody reads")

	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	require.NoError(t, err)
	l, err := Open(path)
	require.NoError(t, err)
	x := proxy.Exchange{Status: 200, Request: proxy.HTTPRequest{Request: httptest.NewRequest(http.MethodGet, "/some/path", nil)}}
	for range 3 * bufferBytes / 100 { // more than the pipe and the buffer hold
		l.Observe(x)
	}
	line, err := bufio.NewReader(reader).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, `"path":"/some/path"`)

	require.NoError(t, reader.Close())
	require.ErrorContains(t, l.Reopen(), "nobody reads", "and the one of before is kept")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorContains(t, l.Run(ctx), "access log")
}
