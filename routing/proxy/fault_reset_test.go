package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// No response had begun, so what is idempotent goes on; what isn't may have been done already.
func TestFaultResetMidHeader(t *testing.T) {
	for name, part := range map[string]string{"nothing": "", "half a status": "HTTP/1.1 20", "half a header": "HTTP/1.1 200 OK\r\nContent-Le"} {
		t.Run(name, func(t *testing.T) {
			g, bad, good := faultRig(t, Config{}, func(c *net.TCPConn, _ *http.Request) {
				_, _ = io.WriteString(c, part)
				_ = c.SetLinger(0) // Close sends RST
			})
			g.sendEach(bad, good, map[string][3]int{
				"GET": {200, 1, 1}, "HEAD": {200, 1, 1}, "PUT": {200, 1, 1}, "DELETE": {200, 1, 1}, "OPTIONS": {200, 1, 1},
				"POST": {502, 1, 0}, "PATCH": {502, 1, 0},
			})
		})
	}
}

// The client has part of the response: a second one cannot be appended, and it must not look complete.
func TestFaultResetMidBody(t *testing.T) {
	for name, head := range map[string]string{
		"length":  "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 70000),
		"chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			g, bad, good := faultRig(t, Config{}, func(c *net.TCPConn, _ *http.Request) {
				_, _ = io.WriteString(c, head)
				<-arrived
				_ = c.SetLinger(0)
			})
			for i, method := range []string{"GET", "PUT", "POST"} {
				id := fmt.Sprint(i)
				req, err := http.NewRequestWithContext(t.Context(), method, g.url, nil)
				require.NoError(t, err)
				req.Header.Set("X-Id", id)
				res, err := g.client.Do(req)
				require.NoError(t, err)
				require.Equal(t, 200, res.StatusCode)
				arrived <- struct{}{}
				_, err = io.ReadAll(res.Body)
				require.Error(t, err)
				_ = res.Body.Close()
				require.Equal(t, []int{1, 0}, []int{bad.count(id), good.count(id)})
				require.Equal(t, policy.FailureRemote, g.exchange().Outcome.Failure)
			}
		})
	}
}
