//go:build unix

package report

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A limit on the size of files is the nearest to a full disk that needs no rights: the write of a
// real file fails in its middle.
func TestAFileThatDoesNotFitLeavesNothingUnderItsName(t *testing.T) {
	c := small.comparison()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "comparison_results.json"), []byte("earlier"), 0o600))

	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	signal.Ignore(syscall.SIGXFSZ)
	limited := before
	limited.Cur = 5000
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limited))
	err := WriteComparisonFiles(folder, c)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
	signal.Reset(syscall.SIGXFSZ)

	require.ErrorIs(t, err, syscall.EFBIG)
	require.ErrorContains(t, err, filepath.Join(folder, "comparison_results.json"))
	require.Equal(t, []string{"comparison_results.json"}, names(t, folder), "no temporary file, no half file")
	text, err := os.ReadFile(filepath.Join(folder, "comparison_results.json"))
	require.NoError(t, err)
	require.Equal(t, "earlier", string(text))
}
