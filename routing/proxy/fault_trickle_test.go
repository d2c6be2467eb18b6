package proxy

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// One byte at a time is slow, but it moves: header and body arrive whole, and nobody else is asked.
func TestFaultTrickle(t *testing.T) {
	want := strings.Repeat("drip", 100)
	g, bad, good := faultRig(t, Config{RequestTimeout: time.Minute, IdleTimeout: time.Minute}, func(c *net.TCPConn, _ *http.Request) {
		_ = c.SetNoDelay(true)
		for _, b := range []byte("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n" + want) {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
		}
	})
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, want, string(b))
	require.Equal(t, []int{1, 0}, []int{bad.count(""), good.count("")})
}
