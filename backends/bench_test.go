package backends

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// blank is a ResponseWriter that costs nothing.
type blank struct{ h http.Header }

func (w blank) Header() http.Header         { return w.h }
func (w blank) Write(b []byte) (int, error) { return len(b), nil }
func (w blank) WriteHeader(int)             {}

// What this package adds to a request: no HTTP.
func BenchmarkHandler(b *testing.B) {
	for _, bb := range []struct {
		name string
		cfg  Config
	}{
		{"no delay", Config{ID: "a"}},
		{"timer of 1us", Config{ID: "a", BaseDelayMS: 0.001, Sigma: 0.5}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			s, err := New(bb.cfg)
			require.NoError(b, err)
			l := &life{Server: s, ctx: context.Background()}
			w, r := blank{http.Header{}}, httptest.NewRequest("GET", "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				l.ServeHTTP(w, r)
			}
		})
	}
}

func BenchmarkHealth(b *testing.B) {
	s, err := New(Config{ID: "a"})
	require.NoError(b, err)
	l := &life{Server: s, ctx: context.Background()}
	w, r := blank{http.Header{}}, httptest.NewRequest("GET", "/health", nil)
	b.ReportAllocs()
	for b.Loop() {
		l.ServeHTTP(w, r)
	}
}

// One request after another over one loopback connection, through the client of net/http.
func BenchmarkRoundTrip(b *testing.B) {
	address := serving(b, Config{ID: "a"})
	client := &http.Transport{}
	defer client.CloseIdleConnections()
	req, err := http.NewRequest("GET", "http://"+address+"/", nil)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// The same from a client that only writes and reads bytes: the server's half. A proxy sends some
// more headers than a plain client.
func BenchmarkServe(b *testing.B) {
	for name, cfg := range map[string]Config{"at_once": {ID: "a"}, "timer_of_1us": {ID: "a", BaseDelayMS: 0.001, Sigma: 0.5}} {
		b.Run(name, func(b *testing.B) {
			conn, err := net.Dial("tcp", serving(b, cfg))
			require.NoError(b, err)
			defer conn.Close()
			ask := []byte("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: slbtui-loadgen\r\nVia: 1.1 slbtui\r\n" +
				"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: a\r\nX-Forwarded-Proto: http\r\n\r\n")
			answer := make([]byte, 4096)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := conn.Write(ask); err != nil {
					b.Fatal(err)
				}
				if _, err := conn.Read(answer); err != nil { // it comes in one piece
					b.Fatal(err)
				}
			}
		})
	}
}

// serving runs a server until the benchmark ends.
func serving(b *testing.B, cfg Config) (address string) {
	s, err := New(cfg)
	require.NoError(b, err)
	require.NoError(b, s.Listen())
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	b.Cleanup(func() {
		stop()
		require.NoError(b, <-served)
	})
	return s.Addr()
}
