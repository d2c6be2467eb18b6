package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a response means, and whether its connection can be used again, is for net/http to say: this
// holds us to it.
func TestResponsesAsNetHTTPReadsThem(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		method string
		again  bool // the connection stays
	}{
		"length":              {ok, "GET", true},
		"no body":             {"HTTP/1.1 204 No Content\r\n\r\n", "GET", true},
		"not modified":        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET", true},
		"empty":               {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", true},
		"head":                {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD", true},
		"chunks":              {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n3;x=y\r\nbcd\r\n0\r\n\r\n", "GET", true},
		"trailer":             {"HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: v\r\n\r\n", "GET", true},
		"connection close":    {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "GET", false},
		"http/1.0":            {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "GET", false},
		"early hints":         {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok, "GET", true},
		"continue unasked":    {"HTTP/1.1 100 Continue\r\n\r\n" + ok, "GET", true},
		"many headers":        {"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nx-y: z\r\nContent-Length: 2\r\n\r\nok", "GET", true},
		"length and chunks":   {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "GET", true},
		"lengths that agree":  {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "GET", true},
		"status without text": {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "GET", true},
		"bare line feeds":     {"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "GET", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, answering(tc.answer))
			r := get()
			r.Method = tc.method
			std := &http.Transport{DisableCompression: true}
			defer std.CloseIdleConnections()
			req, err := http.NewRequest(tc.method, "http://"+g.addr, nil)
			require.NoError(t, err)
			want, err := std.RoundTrip(req)
			require.NoError(t, err)
			body, err := io.ReadAll(want.Body)
			require.NoError(t, err)
			require.NoError(t, want.Body.Close())

			for range 3 {
				res, got := g.text(t, r)
				require.Equal(t, string(body), got)
				require.Equal(t, want.Status, res.Status)
				require.Equal(t, want.Header, res.Header)
				require.Equal(t, want.Trailer, res.Trailer)
				require.Equal(t, want.ContentLength, res.ContentLength)
			}
			ours := 3
			if tc.again {
				ours = 1
			}
			require.Equal(t, 1+ours, g.connections())
		})
	}
}

func TestResponsesThatAreNone(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing":              "",
		"half a status line":   "HTTP/1.1 20",
		"no HTTP":              "SSH-2.0-x\r\n\r\n",
		"lengths that differ":  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
		"negative length":      "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
		"other coding":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
		"header without colon": "HTTP/1.1 200 OK\r\nX\r\n\r\n",
		"a header for ever":    "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: "+strings.Repeat("y", 1000)+"\r\n", 1100) + "\r\n",
		"hints for ever":       strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1<<16),
		"a blank in a name":    "HTTP/1.1 200 OK\r\nContent-Length : 2\r\nContent-Length: 0\r\n\r\n",
		"old with chunks":      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
		"no status":            "HTTP/1.1 042 X\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
				readRequest(r)
				_, _ = io.WriteString(c, answer)
			})
			_, err := g.Do(context.Background(), get())
			require.Error(t, err)
			require.Empty(t, g.idle)
		})
	}
}

func TestBodiesThatBreakOff(t *testing.T) {
	for name, answer := range map[string]string{
		"length":  "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
		"chunks":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok",
		"garbage": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokXX0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
				readRequest(r)
				_, _ = io.WriteString(c, answer)
			})
			res, err := g.Do(context.Background(), get())
			require.NoError(t, err)
			_, err = io.ReadAll(res.Body)
			require.Error(t, err)
			_, again := res.Body.Read(make([]byte, 1))
			require.Equal(t, err, again, "the error stays")
			require.Empty(t, g.idle)
		})
	}
	t.Run("nobody reads on", func(t *testing.T) {
		g := newRig(t, answering("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("x", 100000)))
		res, err := g.Do(context.Background(), get())
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		_, err = res.Body.Read(make([]byte, 1))
		require.Error(t, err)
		require.Empty(t, g.idle)
	})
}

// A server that has enough of a request hangs up on the rest of it, be it only header.
func TestHangsUpWithAnAnswer(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		if _, err := r.Peek(1); err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 431 Too Large\r\nContent-Length: 2\r\n\r\nno")
		}
	})
	for range 20 {
		r := get()
		r.Header = http.Header{"X-Much": {strings.Repeat("x", 8<<20)}}
		res, body := g.text(t, r)
		require.Equal(t, 431, res.StatusCode)
		require.Equal(t, "no", body)
	}
}

// Whoever passes a response on hears of it before each read that waits, and of no other.
func TestWaiting(t *testing.T) {
	next := make(chan string)
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		for piece := range next {
			_, _ = io.WriteString(c, piece)
		}
	})
	var got []byte
	pieces := []string{"4\r\nhalf", "\r\n2\r\nan", "\r\n5\r\ndone!\r\n0\r\n\r\n"}
	want := []string{"", "half", "halfan"}
	r := get()
	r.Waiting = func() error {
		require.Equal(t, want[0], string(got))
		next <- pieces[0]
		want, pieces = want[1:], pieces[1:]
		return nil
	}
	go func() { next <- "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" }()
	res, err := g.Do(context.Background(), r)
	require.NoError(t, err)
	for buf := make([]byte, 100); err == nil; {
		var n int
		n, err = res.Body.Read(buf)
		got = append(got, buf[:n]...)
	}
	require.Equal(t, io.EOF, err)
	require.Equal(t, "halfandone!", string(got))
	require.Empty(t, pieces)
	close(next)

	t.Run("its error ends the read", func(t *testing.T) {
		g := newRig(t, answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
		r := get()
		r.Waiting = func() error { return io.ErrClosedPipe }
		res, err := g.Do(context.Background(), r)
		require.NoError(t, err)
		_, err = res.Body.Read(make([]byte, 1))
		require.Equal(t, io.ErrClosedPipe, err)
		require.Empty(t, g.idle)
	})
}

func TestUntilTheConnectionEnds(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\nall of it")
	})
	_, body := g.text(t, get())
	require.Equal(t, "all of it", body)
	require.Empty(t, g.idle)
}

func TestEarlyResponsesAreTold(t *testing.T) {
	g := newRig(t, answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"+ok))
	var codes []int
	r := get()
	r.Early = func(code int, h http.Header) {
		codes = append(codes, code)
		require.Equal(t, code == 103, h.Get("Link") == "</a>")
	}
	_, body := g.text(t, r)
	require.Equal(t, "ok", body)
	require.Equal(t, []int{103, 102}, codes)
}

// Nobody asked for it, but whoever gets it must be able to close it.
func TestUpgradeUnasked(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello")
		b, _ := io.ReadAll(r)
		if string(b) != "bye" {
			panic(errors.New("the tunnel is not open: " + string(b)))
		}
	})
	res, err := g.Do(context.Background(), get())
	require.NoError(t, err)
	require.Equal(t, 101, res.StatusCode)
	tunnel := res.Body.(io.ReadWriteCloser)
	hello := make([]byte, 5)
	_, err = io.ReadFull(tunnel, hello)
	require.NoError(t, err)
	require.Equal(t, "hello", string(hello))
	_, err = io.WriteString(tunnel, "bye")
	require.NoError(t, err)
	require.NoError(t, tunnel.Close())
	require.Empty(t, g.idle)
}

func FuzzResponse(f *testing.F) {
	f.Add([]byte(ok))
	f.Add([]byte("HTTP/1.1 103 Early Hints\r\n\r\n" + ok))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		tr := New(Config{IdleTimeout: 1, MaxIdle: 1, Dial: func(context.Context) (net.Conn, error) {
			here, there := net.Pipe()
			go func() {
				defer func() { _ = there.Close() }()
				if readRequest(bufio.NewReader(there)) != nil {
					_, _ = there.Write(answer)
				}
			}()
			return here, nil
		}})
		res, err := tr.Do(context.Background(), get())
		if err == nil && res.StatusCode != http.StatusSwitchingProtocols {
			_, _ = io.Copy(io.Discard, res.Body)
		}
		if err == nil {
			_ = res.Body.Close()
		}
		tr.CloseIdleConnections()
	})
}
