package engine

import (
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

func TestOwnAddress(t *testing.T) {
	var other string // an address of this machine that is no loopback
	all, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			other = n.IP.String()
		}
	}
	for _, tc := range []struct {
		listen, upstream string
		own              bool
	}{
		{"127.0.0.1", "http://127.0.0.1:7", true},
		{"127.0.0.1", "http://localhost:7", true},
		{"127.0.0.1", "http://LOCALHOST:7/base", true},
		{"127.0.0.1", "https://127.0.0.1:7", true},
		{"127.0.0.1", "http://[::ffff:127.0.0.1]:7", true},
		{"127.0.0.1", "http://0.0.0.0:7", true},
		{"127.0.0.1", "http://127.0.0.1:8", false},
		{"127.0.0.1", "http://127.0.0.2:7", false},
		{"127.0.0.1", "http://[::1]:7", false},
		{"127.0.0.1", "http://192.0.2.1:7", false},
		{"127.0.0.2", "http://localhost:7", false},
		{"0.0.0.0", "http://127.0.0.1:7", true},
		{"0.0.0.0", "http://127.1.2.3:7", true},
		{"0.0.0.0", "http://localhost:7", true},
		{"0.0.0.0", "http://[::1]:7", false},
		{"0.0.0.0", "http://192.0.2.1:7", false},
		{"0.0.0.0", "http://" + other + ":7", other != ""},
		{"::", "http://127.9.9.9:7", true},
		{"::", "http://[::1]:7", true},
		{"::", "http://[::]:7", true},
		{"::", "http://" + other + ":7", other != ""},
		{"::", "http://192.0.2.1:7", false},
		{"::1", "http://[::]:7", true},
		{"::1", "http://127.0.0.1:7", false},
	} {
		u, err := url.Parse(tc.upstream)
		require.NoError(t, err)
		require.Equal(t, tc.own, ownAddress(u, &net.TCPAddr{IP: net.ParseIP(tc.listen), Port: 7}), "%s behind %s", tc.upstream, tc.listen)
	}
	u, err := url.Parse("http://127.0.0.1")
	require.NoError(t, err)
	require.True(t, ownAddress(u, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}))
	require.False(t, ownAddress(u, &net.UnixAddr{Name: "/run/x"}))
}

// By whatever name.
func TestABalancerIsNotItsOwnServer(t *testing.T) {
	for listen, server := range map[string]string{
		"127.0.0.1": "127.0.0.1", "localhost": "localhost", "": "127.0.0.9", "0.0.0.0": "localhost", "[::]": "127.0.0.1",
	} {
		free, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		_, port, err := net.SplitHostPort(free.Addr().String())
		require.NoError(t, err)
		require.NoError(t, free.Close())
		cfg := quickConfig()
		cfg.Servers = []config.Server{{ID: "me", URL: "http://" + server + ":" + port, Weight: 1}}
		e, err := New(cfg, Options{Listen: listen + ":" + port, ServeOnly: true})
		require.NoError(t, err)
		require.ErrorContains(t, e.Listen(), "own address", "%s before %s", listen, server)
	}
}
