package backends

import (
	"context"
	"io"
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

// One request after another over one loopback connection; the client's cost is in it.
func BenchmarkRoundTrip(b *testing.B) {
	s, err := New(Config{ID: "a"})
	require.NoError(b, err)
	require.NoError(b, s.Listen())
	ctx, stop := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	client := &http.Transport{}
	req, err := http.NewRequest("GET", "http://"+s.Addr()+"/", nil)
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
	client.CloseIdleConnections()
	stop()
	require.NoError(b, <-served)
}
