package transport

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What keeps http.Transport from sending a request again is not to be seen on the wire.
func TestSentOnceLooksLikeAnyRequest(t *testing.T) {
	keyed := http.Header{"User-Agent": {""}, "Idempotency-Key": {"1"}}
	for name, tc := range map[string]struct {
		method string
		header http.Header
		body   io.Reader
		want   string
	}{
		"GET":             {"GET", http.Header{"User-Agent": {""}}, nil, "GET /x HTTP/1.1\r\nHost: h.test\r\n\r\n"},
		"HEAD":            {"HEAD", http.Header{"User-Agent": {""}}, nil, "HEAD /x HTTP/1.1\r\nHost: h.test\r\n\r\n"},
		"OPTIONS":         {"OPTIONS", http.Header{"User-Agent": {""}}, nil, "OPTIONS /x HTTP/1.1\r\nHost: h.test\r\n\r\n"},
		"DELETE":          {"DELETE", http.Header{"User-Agent": {""}}, nil, "DELETE /x HTTP/1.1\r\nHost: h.test\r\n\r\n"},
		"POST with a key": {"POST", keyed, nil, "POST /x HTTP/1.1\r\nHost: h.test\r\nContent-Length: 0\r\nidempotency-key: 1\r\n\r\n"},
		"PUT":             {"PUT", http.Header{"User-Agent": {""}}, strings.NewReader("hi"), "PUT /x HTTP/1.1\r\nHost: h.test\r\nContent-Length: 2\r\n\r\nhi"},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 1)
			dial := func(context.Context, string, string) (net.Conn, error) {
				here, there := net.Pipe()
				go func() {
					defer func() { _ = there.Close() }()
					b := make([]byte, len(tc.want))
					_, _ = io.ReadFull(there, b)
					_, _ = io.WriteString(there, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
					rest, _ := io.ReadAll(bufio.NewReader(there))
					got <- string(b) + string(rest)
				}()
				return here, nil
			}
			g := newGeneral(0, func() *http.Transport { return NewLibrary(0, dial, nil) })
			r, err := http.NewRequestWithContext(t.Context(), tc.method, "http://h.test/x", tc.body)
			require.NoError(t, err)
			r.Header = tc.header
			res, err := g.RoundTrip(r, &Follow{})
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, tc.want, <-got)
			require.Contains(t, keyed, "Idempotency-Key", "the caller's header is its own")
		})
	}
}
