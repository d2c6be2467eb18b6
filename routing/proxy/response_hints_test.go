package proxy

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// leaving is a client that leaves while it is sent a hint.
type leaving struct {
	http.ResponseWriter
	leave  context.CancelFunc
	header http.Header // as the library goes on reading it
}

func (w *leaving) WriteHeader(status int) {
	if status == http.StatusEarlyHints {
		w.header = w.Header().Clone()
		w.leave()
	}
	w.ResponseWriter.WriteHeader(status)
}

// HTTP/2 may still be writing a hint's header when the call for it has returned, because its client has left.
// A map that is changed meanwhile ends the process.
func TestNobodyTouchesTheHeaderOfAHintThatIsUnderWay(t *testing.T) {
	for name, upgrade := range map[string]string{"lean": "", "any": "x"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, leave := context.WithCancel(t.Context())
				r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
				if upgrade != "" {
					r.Header.Set("Upgrade", upgrade)
				}
				w := &leaving{leave: leave}
				x, _ := inTheBubble(t, Config{}, func(c net.Conn, _ *http.Request) {
					hint := "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
					_, _ = io.WriteString(c, hint+hint+"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}, func(inner http.ResponseWriter) http.ResponseWriter { w.ResponseWriter = inner; return w }, r)
				require.Equal(t, statusClientClosed, x.Status)
				require.True(t, x.Outcome.Cancelled)
				require.Equal(t, http.Header{"Link": {"</a.css>"}}, w.header)
				require.Equal(t, w.header, w.Header())
			})
		})
	}
}

func TestHintsComeToAnEnd(t *testing.T) {
	for name, header := range map[string]string{"lean": "", "any": "Upgrade: x\r\n"} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
				_, err := http.ReadRequest(r)
				for err == nil {
					_, err = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
				}
			}))
			_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n")
			for {
				res, err := http.ReadResponse(r, nil)
				require.NoError(t, err)
				if res.StatusCode != http.StatusEarlyHints {
					require.Equal(t, http.StatusBadGateway, res.StatusCode)
					require.Contains(t, body(t, res), "bad_response")
					return
				}
			}
		})
	}
}
