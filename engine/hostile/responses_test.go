package hostile

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// overEachAsk runs a test with each kind of request, by HTTP/1.1 as the bytes are.
func overEachAsk(t *testing.T, run func(t *testing.T, request string)) {
	for name, request := range asks {
		t.Run(name, func(t *testing.T) { run(t, request) })
	}
}

// Of a response that breaks off the client has what had come: one that hears nothing takes its request for
// lost, and sends it again.
func TestABrokenResponseIsHeard(t *testing.T) {
	for name, tc := range map[string]struct{ answer, body string }{
		"length":      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "hello"},
		"header only": {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", ""},
		"chunks":      {inChunks + "5\r\nhello\r\n", "5\r\nhello\r\n"},
		"bad chunks":  {inChunks + "5\r\nhello\r\nX", "5\r\nhello\r\n"},
		"refusal":     {"HTTP/1.1 431 Too Much\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhello", "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			address := proxyBefore(t, config.TLS{}, breakingOff(t, tc.answer))
			overEachAsk(t, func(t *testing.T, request string) {
				got := talk(t, address, request)
				_, body := head(t, got)
				require.Contains(t, got, "HTTP/1.1 "+tc.answer[9:12])
				require.Equal(t, tc.body, body, "not more, and no end")
			})
		})
	}
}

// Nor does HTTP/2 hide it, or take it for the whole.
func TestABrokenResponseIsHeardByHTTP2(t *testing.T) {
	overEach(t, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
		_ = c.Close()
	}, func(t *testing.T, _ bool, proxy http.RoundTripper) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, method, "/", strings.NewReader("form"))
			require.NoError(t, err)
			res, err := proxy.RoundTrip(r)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.Error(t, err)
			require.NoError(t, ctx.Err())
			require.Equal(t, "hello", string(body))
			_ = res.Body.Close()
		}
	})
}

// A server may have enough of a request before it is through, say so, and hang up on the rest, which the
// system answers with a reset.
func TestTheAnswerOfAServerThatHangsUpIsRelayed(t *testing.T) {
	upload := func(w io.Writer, n int) {
		for piece := make([]byte, 64<<10); n > 0; n -= len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
	server, _, _ := identity(t)
	for name, tc := range map[string]struct {
		header string // of the request, which goes on
		body   int
		answer string
	}{
		"upload":             {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\n", 10 << 20, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 6\r\n\r\nlarge!"},
		"upload of a put":    {"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\na00000\r\n", 10 << 20, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 6\r\n\r\nlarge!"},
		"header":             {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + strings.Repeat("X: "+strings.Repeat("x", 995)+"\r\n", 60) + "\r\n", 0, "HTTP/1.1 431 Too Large\r\nConnection: close\r\nContent-Length: 6\r\n\r\nlarge!"},
		"header of a post":   {"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n" + strings.Repeat("X: "+strings.Repeat("x", 995)+"\r\n", 60) + "\r\n", 0, "HTTP/1.1 431 Too Large\r\nConnection: close\r\nContent-Length: 6\r\n\r\nlarge!"},
		"header of a switch": {"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + strings.Repeat("X: "+strings.Repeat("x", 995)+"\r\n", 60) + "\r\n", 0, "HTTP/1.1 431 Too Large\r\nConnection: close\r\nContent-Length: 6\r\n\r\nlarge!"},
	} {
		for up, secure := range map[string]*tls.Config{"http": nil, "https": server} {
			t.Run(name+" to "+up, func(t *testing.T) {
				url := hangingUp(t, secure, tc.answer)
				address := proxyBefore(t, config.TLS{}, url)
				for range 20 {
					c, err := net.Dial("tcp", address)
					require.NoError(t, err)
					sent := make(chan struct{})
					go func() {
						defer close(sent)
						_, _ = io.WriteString(c, tc.header)
						upload(c, tc.body)
					}()
					res, err := http.ReadResponse(bufio.NewReader(c), nil)
					require.NoError(t, err)
					body, err := io.ReadAll(res.Body)
					require.NoError(t, err)
					require.Equal(t, "large!", string(body), res.Status)
					require.Equal(t, tc.answer[9:12], res.Status[:3])
					_ = c.Close()
					<-sent
				}
			})
		}
	}
}

// hangingUp is a server that answers when it has seen a request's first line, and hangs up.
func hangingUp(t *testing.T, secure *tls.Config, answer string) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			c := raw
			if secure != nil {
				c = tls.Server(raw, secure)
			}
			if _, err := bufio.NewReaderSize(c, 100).ReadSlice('\n'); err == nil {
				_, _ = io.WriteString(c, answer)
			}
			_ = raw.Close() // with what it has not read: a reset
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	scheme := "http://"
	if secure != nil {
		scheme = "https://"
	}
	return scheme + l.Addr().String()
}

// What can be read in two ways is no response, and nothing that follows on its connection is one.
func TestResponsesThatCanBeReadInTwoWays(t *testing.T) {
	for name, answer := range map[string]string{
		"length with a blank":        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
		"length twice":               "HTTP/1.1 200 OK\r\nContent-Length : 5\r\nContent-Length: 2\r\n\r\nok",
		"chunked with a blank":       "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"and nothing else":           "HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"HTTP/1.0 chunked":           "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"HTTP/1.0 chunked, kept":     "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\ntransfer-encoding: chunked\r\nContent-Length: 2\r\n\r\nok",
		"HTTP/1.0 chunked, empty":    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.0 behind a 1xx":      "HTTP/1.1 103 Early\r\n\r\nHTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
		"HTTP/1.0 with line feeds":   "HTTP/1.0 200 OK\nConnection: keep-alive\nTransfer-Encoding: chunked\nContent-Length: 2\n\nok",
		"a field name with a blank ": "HTTP/1.1 200 OK\r\nSet-Cookie : a=b\r\nContent-Length: 2\r\n\r\nok",
	} {
		t.Run(name, func(t *testing.T) {
			overEachAsk(t, func(t *testing.T, request string) {
				url, connections := upstreamThat(t, nil, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
					if r.Header.Get("Expect") != "" {
						_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
					}
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(c, answer)
				})
				address := proxyBefore(t, config.TLS{}, url)
				for n := range 2 {
					got := talk(t, address, request)
					require.Contains(t, got, "HTTP/1.1 502 ", "%q", got)
					require.Contains(t, got, "bad_response")
					require.Equal(t, n+1, connections(), "not used again")
				}
			})
		})
	}
}

// A request that others could read in two ways is the last of its connection, whatever the server says.
func TestAServerCannotKeepAConnectionThatMustEnd(t *testing.T) {
	for _, connection := range []string{"Connection", "connection, close", "keep-alive, CONNECTION", "X-Served-By, Connection"} {
		t.Run(connection, func(t *testing.T) {
			address := proxyBefore(t, config.TLS{}, answering(t, "HTTP/1.1 200 OK\r\nConnection: "+connection+"\r\nContent-Length: 2\r\n\r\nok"))
			for name, request := range map[string]string{
				"two framings":  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
				"framed as 1.0": "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
			} {
				t.Run(name, func(t *testing.T) {
					got := talk(t, address, request+"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
					require.Equal(t, 1, strings.Count(got, "HTTP/1."), "%q", got)
					h, _ := head(t, got)
					require.Contains(t, h, "Connection: close\r\n")
					require.Contains(t, h, "X-Served-By: s1\r\n")
				})
			}
		})
	}
}

func TestUpgradeRequiredSaysToWhat(t *testing.T) {
	for name, tc := range map[string]struct{ sent, want string }{
		"one":             {"Upgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n", "Upgrade: TLS/1.2, HTTP/1.1\r\n"},
		"without its say": {"Upgrade: websocket\r\n", "Upgrade: websocket\r\n"},
		"not h2c":         {"Upgrade: h2c, websocket\r\nConnection: Upgrade\r\n", "Upgrade: websocket\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			address := proxyBefore(t, config.TLS{}, answering(t, "HTTP/1.1 426 Upgrade Required\r\n"+tc.sent+"Content-Length: 2\r\n\r\nno"))
			overEachAsk(t, func(t *testing.T, request string) {
				h, _ := head(t, talk(t, address, request))
				require.Contains(t, h, "\r\n"+tc.want)
				require.Contains(t, h, "close")
			})
			h, _ := head(t, talk(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"+asks["GET"]))
			require.Contains(t, h, "\r\nConnection: Upgrade\r\n")
		})
	}
}

// A trailer comes when its reader has decided what the response is.
func TestTrailersSayNothingOfTheResponse(t *testing.T) {
	const trailer = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nSet-Cookie: a=b\r\nX-Served-By: me\r\nLocation: /\r\nX-Sum: 1\r\n"
	for name, announced := range map[string]string{
		"unannounced": "", "announced": "Trailer: X-Sum\r\n", "all that may": "Trailer: X-Sum, Set-Cookie, Connection, X-Served-By, Location\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			address := proxyBefore(t, config.TLS{}, answering(t, "HTTP/1.1 200 OK\r\n"+announced+"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"+trailer+"\r\n"))
			overEachAsk(t, func(t *testing.T, request string) {
				h, body := head(t, talk(t, address, request))
				require.Equal(t, "2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n", body)
				require.NotContains(t, h, "Set-Cookie")
			})
		})
	}
}

// A client may offer several protocols; the server takes one of them. Names are spelled as the standard does,
// for servers and clients that compare bytes.
func TestUpgradesOfSeveralOffers(t *testing.T) {
	for offer, want := range map[string]string{
		"websocket": "websocket", "websocket, foo": "websocket", "foo/1, WebSocket": "websocket", "h2c, websocket": "websocket", "websocket/13": "websocket",
		"websocket\r\nUpgrade: foo": "websocket",
	} {
		t.Run(fmt.Sprintf("%q", offer), func(t *testing.T) {
			seen := make(chan string, 1)
			address := proxyBefore(t, config.TLS{}, switching(t, want, seen))
			got := talk(t, address, "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "+offer+"\r\nsec-websocket-key: k\r\nSec-WebSocket-Version: 13\r\n\r\n")
			require.Contains(t, got, "HTTP/1.1 101 ")
			require.Contains(t, got, "\r\nUpgrade: websocket\r\n")
			require.Contains(t, got, "\r\nSec-WebSocket-Accept: a\r\n")
			request := <-seen
			require.Contains(t, request, "\r\nSec-WebSocket-Key: k\r\n")
			require.Contains(t, request, "\r\nSec-WebSocket-Version: 13\r\n")
			require.NotContains(t, strings.ToLower(request), "h2c")
		})
	}
}

// switching is a server that takes to the protocol, whatever it is asked, and says what it was asked.
func switching(t *testing.T, protocol string, seen chan<- string) (url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			request := "\r\n"
			for r := bufio.NewReader(c); !strings.HasSuffix(request, "\r\n\r\n"); {
				line, err := r.ReadString('\n')
				if err != nil {
					break
				}
				request += line
			}
			seen <- request
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "+protocol+"\r\nsec-websocket-accept: a\r\n\r\n")
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "http://" + l.Addr().String()
}
