package socket

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// folder is one whose path is short enough for sockets.
func folder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "slb")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func TestPrivateSockets(t *testing.T) {
	path := filepath.Join(folder(t), "s")
	l, err := ListenPrivate("unix:" + path)
	require.NoError(t, err)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	require.Equal(t, os.ModeSocket|0o600, info.Mode())
	require.Equal(t, "unix:"+path, Address(l.Addr()))
	_, err = ListenPrivate("unix:" + path)
	require.Error(t, err, "somebody is there")
	l.(*net.UnixListener).SetUnlinkOnClose(false) // as if killed
	require.NoError(t, l.Close())
	l, err = ListenPrivate("unix:" + path)
	require.NoError(t, err, "nobody is there")
	require.NoError(t, l.Close())
	require.NoFileExists(t, path)
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err = ListenPrivate("unix:" + path)
	require.Error(t, err)
	require.FileExists(t, path, "what is no socket stays")
}

func TestListensOnAddressesToo(t *testing.T) {
	for _, listen := range []func(string) (net.Listener, error){Listen, ListenPrivate} {
		l, err := listen("127.0.0.1:0")
		require.NoError(t, err)
		require.Equal(t, l.Addr().String(), Address(l.Addr()))
		require.NoError(t, l.Close())
	}
}
