package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nothing is sent by itself that could be sent with what comes next: an ordinary response is one write.
func TestWhatIsThereLeavesTogether(t *testing.T) {
	for name, answer := range map[string]string{
		"length": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
		"nothing": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "no content": "HTTP/1.1 204 No Content\r\n\r\n",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead} {
			t.Run(method+" "+name, func(t *testing.T) {
				if method == http.MethodHead {
					answer, _, _ = strings.Cut(answer, "\r\n\r\n")
					answer += "\r\n\r\n"
				}
				g := newRig(t, Config{}, rawUpstream(t, func(c net.Conn, r *bufio.Reader) {
					for {
						req, err := http.ReadRequest(r)
						if err != nil {
							return
						}
						_, _ = io.Copy(io.Discard, req.Body)
						_, _ = io.WriteString(c, answer)
					}
				}))
				var sent io.Reader
				if method == http.MethodPost {
					sent = io.MultiReader(strings.NewReader("streamed"))
				}
				w := httptest.NewRecorder()
				g.handler.ServeHTTP(w, httptest.NewRequest(method, "/", sent))
				if _, sent, _ := strings.Cut(answer, "\r\n\r\n"); sent != "" {
					require.Equal(t, "hello", w.Body.String())
				}
				require.Less(t, w.Code, 300)
				require.False(t, w.Flushed)
				g.handler.Retire()
			})
		}
	}
}

// 501 and 505 say what the application doesn't do: whoever asks for it takes no server from others.
func TestAnswersOfTheApplicationAreNoFailures(t *testing.T) {
	for status, failed := range map[int]bool{500: true, 501: false, 502: true, 503: true, 504: true, 505: false, 507: true, 404: false} {
		g := newRig(t, Config{}, upstreamOf(t, answerWith(status, "no")))
		for range 30 {
			res, err := g.client.Post(g.url, "text/plain", strings.NewReader("x"))
			require.NoError(t, err)
			require.Equal(t, status, res.StatusCode)
			_ = body(t, res)
			x := g.exchange()
			require.Equal(t, failed, x.Outcome.Failed(), status)
			require.Equal(t, !failed, x.Outcome.Refused(), status)
			require.False(t, x.Outcome.Measured(), status)
		}
	}
}

// refusing is a client that has left, while somebody still writes to it.
type refusing struct {
	http.ResponseWriter
	given []byte
}

func (w *refusing) Write(p []byte) (int, error) {
	w.given = p
	return 0, net.ErrClosed
}

func TestABufferThatMayStillBeWrittenIsNotUsedAgain(t *testing.T) {
	h := &Handler{}
	h.buffers.New = func() any { b := make([]byte, 10); return &b }
	for range 100 {
		e, w := newExchange(h), &refusing{}
		e.w = w
		_, err := e.copyBody(strings.NewReader("abc"))
		require.ErrorIs(t, err, net.ErrClosed)
		again := *h.buffers.Get().(*[]byte)
		require.NotSame(t, &w.given[0], &again[0])
	}
}
