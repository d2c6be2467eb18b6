package wholefile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWholeOrAsBefore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	require.NoError(t, Write(path, []byte("one"), 0o640))
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, Rewrite(path, []byte("two"), 0o644))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm(), "what was there keeps its permissions")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "two", string(data))
	require.Error(t, Write(filepath.Join(dir, "none", "file"), nil, 0o644))
	require.NoError(t, Probe(dir))
	require.Error(t, Probe(filepath.Join(dir, "none")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing else is left behind")
}
