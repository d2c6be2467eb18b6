package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server that has seen enough of a request, says so and hangs up has answered: a client that sends too much
// gets no second server, and can have none ejected.
func TestFaultHangsUpWithAnAnswer(t *testing.T) {
	for name, tc := range map[string]struct{ status, head, rest string }{
		"header": {"431 Too Large", "GET / HTTP/1.1\r\nHost: h\r\nX-Id: 1\r\nX-Much: ", strings.Repeat("x", 200<<10) + "\r\n\r\n"},
		"body":   {"413 Too Large", "PUT / HTTP/1.1\r\nHost: h\r\nX-Id: 1\r\nContent-Length: 8388608\r\n\r\n", strings.Repeat("x", 8<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			bad := rawUpstream(t, func(c net.Conn, _ *bufio.Reader) {
				_, _ = c.Read(make([]byte, 100)) // closing with the rest unread resets
				_, _ = io.WriteString(c, "HTTP/1.1 "+tc.status+"\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
			})
			goodURL, good := soundUpstream(t)
			g := newRig(t, Config{}, bad, goodURL)
			for range 20 {
				c, r := g.raw(tc.head)
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					_, _ = io.WriteString(c, tc.rest)
				}()
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				require.Equal(t, tc.status[:3], res.Status[:3])
				require.Equal(t, "no", body(t, res))
				_ = c.Close()
				<-sent
				x := g.exchange()
				require.Equal(t, 1, x.Attempts)
				require.False(t, x.Outcome.Failed())
			}
			require.Zero(t, good.count("1"))
			require.Zero(t, g.pool.Status()[0].Ejections)
		})
	}
}
