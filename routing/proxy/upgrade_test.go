package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUpgradeJoinsBothSides(t *testing.T) {
	up := func(t *testing.T) string {
		return rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
			req, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			_, _ = fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: %s\r\nX-Key: %s\r\n\r\nhi ", req.URL.Query().Get("to"), req.Header.Get("Sec-Websocket-Key"))
			_, _ = io.Copy(c, r) // until the client has finished
			_, _ = io.WriteString(c, " bye")
		})
	}
	request := "GET /?to=websocket HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n"

	t.Run("echo", func(t *testing.T) {
		g := newRig(t, Config{}, up(t))
		c, r := g.raw(request + "early ") // sent before the switch: sits in a buffer
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 101, res.StatusCode)
		require.Equal(t, "websocket", res.Header.Get("Upgrade"))
		require.Equal(t, "k", res.Header.Get("X-Key"))
		require.Equal(t, "s1", res.Header.Get(ServedByHeader))
		_, err = io.WriteString(c, "late")
		require.NoError(t, err)
		require.Equal(t, 1, g.pool.Status()[0].InFlight)
		require.NoError(t, c.(*net.TCPConn).CloseWrite())
		all, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "hi early late bye", string(all))
		require.True(t, g.exchange().Outcome.Measured())
	})
	t.Run("closed by us", func(t *testing.T) {
		g := newRig(t, Config{}, up(t))
		_, r := g.raw(request)
		_, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		g.handler.Close()
		_, _ = io.ReadAll(r)
		require.Equal(t, 101, g.exchange().Status)
	})
	for name, bad := range map[string]string{
		"another protocol": strings.Replace(request, "to=websocket", "to=other", 1),
		"not asked for":    "GET /?to=websocket HTTP/1.1\r\nHost: h\r\n\r\n",
		"h2c":              "GET /?to=h2c HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{}, up(t))
			_, r := g.raw(bad)
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, 502, res.StatusCode)
			require.Contains(t, body(t, res), "bad_upgrade")
			require.False(t, g.exchange().Outcome.Failed(), "a client can ask for it")
		})
	}
}

// What a server says of its status may not end the line for some readers, and begin a header.
func TestUpgradeSaysItsStatusItself(t *testing.T) {
	g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		if _, err := http.ReadRequest(r); err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 101 Fine\rSet-Cookie: a=b\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
		}
	}))
	_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
	line, err := r.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 101 Switching Protocols\r\n", line)
}

// Whoever reads a request's body does not read the protocol that comes after it.
func TestUpgradeWaitsForTheBody(t *testing.T) {
	const request = "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 1000000\r\n\r\n"
	content := strings.Repeat("a", 1000000)
	switches := func(reads int64) string {
		return rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
			if _, err := http.ReadRequest(r); err != nil {
				return
			}
			_, _ = io.CopyN(io.Discard, r, reads)
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
			_, _ = io.Copy(c, r)
		})
	}
	t.Run("read", func(t *testing.T) {
		g := newRig(t, Config{}, switches(1000000))
		c, r := g.raw(request + content + "behind it")
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 101, res.StatusCode)
		require.NoError(t, c.(*net.TCPConn).CloseWrite())
		all, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, "behind it", string(all))
	})
	t.Run("unread", func(t *testing.T) {
		g := newRig(t, Config{}, switches(0))
		c, r := g.raw(request + content[:100])
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 502, res.StatusCode)
		require.True(t, res.Close)
		require.Contains(t, body(t, res), "bad_upgrade")
		require.False(t, g.exchange().Outcome.Failed(), "a client can ask for it")
		_, _ = io.WriteString(c, content)
	})
}
