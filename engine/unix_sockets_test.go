package engine

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// socketFolder is a folder whose path is short enough for sockets.
func socketFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "slb")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// overSocket is a client that asks whoever listens there.
func overSocket(t *testing.T, address string) *http.Client {
	path, ok := config.Socket(address)
	require.True(t, ok, address)
	tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// Both sides of the proxy may be Unix sockets: requests of any kind, health checks, retries.
func TestUnixSockets(t *testing.T) {
	dir := socketFolder(t)
	l, err := net.Listen("unix", filepath.Join(dir, "up"))
	require.NoError(t, err)
	polled := make(chan string, 1)
	up := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/health" {
			select {
			case polled <- r.Host:
			default:
			}
			return
		}
		b, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.Host+r.RequestURI+" "+string(b))
	})}}
	up.Start()
	t.Cleanup(up.Close)
	cfg := serveConfig("unix:" + filepath.Join(dir, "up"))
	cfg.Health.Path = "/health"
	listen := "unix:" + filepath.Join(dir, "front")
	e := start(t, cfg, Options{ServeOnly: true, Listen: listen})
	require.Equal(t, listen, e.Addr())
	require.Equal(t, "localhost", <-polled)
	require.Equal(t, cfg.Servers[0].URL, e.Snapshot().Servers[0].Addr)

	c := overSocket(t, e.Addr())
	_, body := get(t, c, "http://who.asks/a%2Fb?c")
	require.Equal(t, "GET who.asks/a%2Fb?c ", body)
	res, err := c.Post("http://who.asks/", "text/plain", io.MultiReader(strings.NewReader("chunked")))
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, "POST who.asks/ chunked", string(b))

	loop := cfg
	loop.Servers = []config.Server{{ID: "loop", URL: listen, Weight: 1}}
	require.ErrorContains(t, e.Reconfigure(t.Context(), loop), "own address")
}

func TestSocketsThatAreTaken(t *testing.T) {
	dir := socketFolder(t)
	path := filepath.Join(dir, "s")
	serve := func() error {
		cfg := serveConfig("http://127.0.0.1:1")
		cfg.LoadBalancer.Host = "unix:" + path
		e, err := New(cfg, Options{ServeOnly: true})
		require.NoError(t, err)
		err = e.Listen()
		e.closeListeners()
		return err
	}
	left, err := net.Listen("unix", path)
	require.NoError(t, err)
	require.ErrorContains(t, serve(), "in use", "somebody listens there")
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, left.Close())
	require.FileExists(t, path)
	require.NoError(t, serve(), "left behind by a process that was killed")
	require.NoFileExists(t, path)

	require.NoError(t, os.WriteFile(path, []byte("precious"), 0o600))
	require.ErrorContains(t, serve(), "load_balancer.host")
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "precious", string(kept))

	cfg := quickConfig()
	cfg.LoadBalancer.Host = "unix:" + path
	_, err = New(cfg, Options{})
	require.ErrorContains(t, err, "slbtui serve")
}
