package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// early answers as soon as it has read n bytes behind the header, and then holds its tongue.
func early(t *testing.T, n int64) string {
	return rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, r, n)
		_, _ = io.WriteString(c, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")
	})
}

const upload = 100 << 10 // that streams, and of which the library reads up the rest

// An answer that did not wait for the request's body is the last of its connection: the library would take the
// rest for read when it has given up on it, and a client's body for its next request.
func TestNothingFollowsABodyThatWasNotReadUp(t *testing.T) {
	for name, tc := range map[string]struct {
		read int64
		none bool // there is no server
		rest string
	}{
		"its rest comes":                {read: 10, rest: strings.Repeat("b", upload/2)},
		"its rest comes, and a request": {read: 10, rest: strings.Repeat("b", upload/2) + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n"},
		"all that came was read":        {read: upload / 2, rest: strings.Repeat("b", upload/2) + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n"},
		"a request comes in its place":  {read: upload / 2, rest: "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"},
		"none of it was read":           {none: true, rest: strings.Repeat("b", upload/2) + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n"},
		"none was read, none comes":     {none: true, rest: ""},
		"all was read, none comes":      {read: upload / 2, rest: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, Config{Body: BodyLimits{Timeout: time.Second}}, early(t, tc.read))
			status := http.StatusUnauthorized
			if tc.none {
				require.NoError(t, g.pool.Drain("s1", true))
				status = http.StatusServiceUnavailable
			}
			c, r := g.raw(fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", upload) + strings.Repeat("a", upload/2))
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, status, res.StatusCode)
			require.True(t, res.Close, "it is the last one")
			_ = body(t, res)
			_, _ = io.WriteString(c, tc.rest) // the connection may be closed
			rest, _ := io.ReadAll(r)          // be it by a reset: not all that is sent is read
			require.Empty(t, rest)
			require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)), "it was closed, not left open")
			require.Equal(t, "POST", g.exchange().Request.Method())
			require.Empty(t, g.exchanges, "nothing else was taken for a request")
		})
	}
}

// What has been read whole leaves its connection to others.
func TestOthersFollowABodyThatWasReadUp(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprint(w, n)
	}))
	request := fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", upload) + strings.Repeat("a", upload)
	_, r := g.raw(request + request)
	for range 2 {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.False(t, res.Close)
		require.Equal(t, fmt.Sprint(upload), body(t, res))
	}
}
