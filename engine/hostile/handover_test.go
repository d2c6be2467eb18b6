package hostile

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// tenPlain are requests that any front takes.
func tenPlain() string {
	var b strings.Builder
	for i := range 10 {
		fmt.Fprintf(&b, "POST /plain%d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", i)
	}
	return b.String()
}

// A connection changes hands at any request: whatever comes behind ten plain ones, each of those arrives once, is
// answered in its turn, and the odd one is what it is by itself.
func TestAnOddRequestBehindPlainOnes(t *testing.T) {
	for _, c := range table(t) {
		if strings.HasPrefix(c.bytes, "HEAD ") {
			continue // whose answers readAnswers knows only where they come first
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := judge(t, tenPlain()+c.bytes)
			t.Log(v)
			require.Empty(t, v.faults)
			require.LessOrEqual(t, len(v.requests), 10+c.most)
			require.GreaterOrEqual(t, len(v.answers), 10)
			for i := range 10 {
				target := "/plain" + strconv.Itoa(i)
				require.Equal(t, answer{http.StatusOK, target}, v.answers[i])
				require.Equal(t, target, v.requests[i].target)
				require.Equal(t, "hi", v.requests[i].body)
			}
			for _, a := range v.requests[10:] {
				require.False(t, strings.HasPrefix(a.target, "/smuggled") || strings.HasPrefix(a.target, "/plain"), "smuggled, or sent twice")
			}
		})
	}
}

// oddAnswers are responses that not every front reads by itself.
var oddAnswers = map[string]string{
	"until its end":   "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
	"HTTP/1.0":        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	"early hints":     "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	"continue":        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	"a trailer":       "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
	"twice":           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
	"folded":          "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
	"no words":        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
	"many lines":      "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 100) + "Content-Length: 5\r\n\r\nhello",
	"a long line":     "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("y", 40<<10) + "\r\nContent-Length: 5\r\n\r\nhello",
	"names headers":   "HTTP/1.1 200 OK\r\nConnection: X, keep-alive\r\nX: y\r\nContent-Length: 5\r\n\r\nhello",
	"offers an h2c":   "HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello",
	"chunks":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
	"an event stream": "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5\r\n\r\nhello",
	"plain":           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	"in two pieces":   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r|\nhello",
	"hints in pieces": "HTTP/1.1 103 Early Hints\r\nLi|nk: </x>\r\n\r\nHTTP/1.1 200 OK\r\nConte|nt-Length: 5\r\n\r\nhel|lo",
	"nothing":         "",
	"no HTTP":         "hello\r\n\r\n",
}

// What goes for requests goes for responses: behind and before plain ones, each request is sent once, and answered
// in its turn.
func TestAnOddAnswerBetweenPlainOnes(t *testing.T) {
	_, files, trust := identity(t)
	for name, bytes := range oddAnswers {
		for how, secure := range map[string]config.TLS{"in clear text": {}, "over TLS": files} {
			t.Run(name+" "+how, func(t *testing.T) {
				var mu sync.Mutex
				sent := map[string]int{}
				url, _ := upstreamThat(t, nil, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
					mu.Lock()
					sent[r.URL.Path]++
					mu.Unlock()
					_, _ = io.Copy(io.Discard, r.Body)
					if r.URL.Path != "/odd" {
						_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Path: "+r.URL.Path+"\r\n\r\nplain")
						return
					}
					for piece := range strings.SplitSeq(bytes, "|") {
						_, _ = io.WriteString(c, piece)
						<-time.After(5 * time.Millisecond)
					}
					if strings.HasPrefix(name, "until") || name == "nothing" || name == "no HTTP" {
						_ = c.Close()
					}
				})
				tr := &http.Transport{TLSClientConfig: trust.Clone(), MaxConnsPerHost: 1}
				t.Cleanup(tr.CloseIdleConnections)
				to := client{tr, "http", proxyBefore(t, secure, url)}
				if secure.On() {
					to.scheme = "https"
				}
				for _, path := range []string{"/1", "/2", "/3", "/odd", "/4", "/5"} {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader("hi"))
					require.NoError(t, err)
					res, err := to.RoundTrip(r)
					require.NoError(t, err)
					got, err := io.ReadAll(res.Body)
					require.NoError(t, err)
					require.NoError(t, res.Body.Close())
					switch {
					case path != "/odd":
						require.Equal(t, "plain", string(got))
						require.Equal(t, path, res.Header.Get("X-Path"))
					case name == "nothing" || name == "no HTTP":
						require.Equal(t, http.StatusBadGateway, res.StatusCode)
					default:
						require.Equal(t, "hello", string(got))
						require.Equal(t, http.StatusOK, res.StatusCode)
					}
				}
				mu.Lock()
				defer mu.Unlock()
				require.Equal(t, map[string]int{"/1": 1, "/2": 1, "/3": 1, "/odd": 1, "/4": 1, "/5": 1}, sent)
			})
		}
	}
}
