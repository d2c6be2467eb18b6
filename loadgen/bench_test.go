package loadgen

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// benchmarkSend sends requests through start, without a schedule, at most 64 at a time.
func benchmarkSend(b *testing.B, url string, transport http.RoundTripper) {
	free := make(chan struct{}, 64)
	g, err := New(Config{URL: url, Rate: 1, OnResult: func(Result) { <-free }})
	require.NoError(b, err)
	ctx, cancel := context.WithCancelCause(b.Context())
	defer cancel(nil)
	g.start = time.Now()
	s := &sender{g: g, ctx: ctx, cancel: cancel, transport: transport}
	b.ReportAllocs()
	var seq uint64
	for b.Loop() {
		seq++
		free <- struct{}{} // waits where start would drop
		s.start(seq, g.start)
	}
	g.inFlight.Wait()
	b.ReportMetric(float64(g.Stats().Completed)/b.Elapsed().Seconds(), "requests/s")
}

// nothing answers at once, without an allocation of its own.
type nothing struct{ response *http.Response }

func (n nothing) RoundTrip(*http.Request) (*http.Response, error) { return n.response, nil }

// What the generator itself costs.
func BenchmarkSendNothing(b *testing.B) {
	benchmarkSend(b, "http://target.test/", nothing{&http.Response{StatusCode: http.StatusOK, Body: http.NoBody}})
}

// With the client and the server of net/http, over loopback.
func BenchmarkSendHTTP(b *testing.B) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	transport := NewTransport(Config{MaxInFlight: 64})
	defer transport.CloseIdleConnections()
	benchmarkSend(b, srv.URL, transport)
}

func BenchmarkArrivals(b *testing.B) {
	for _, s := range []Shape{Steady{}, Ramp{To: 2, Over: time.Hour}, Sine{Amplitude: 0.5, Period: 10 * time.Second}, DefaultBurst()} {
		b.Run(fmt.Sprintf("%T", s), func(b *testing.B) {
			a := newArrivals(b, Poisson, 1000, s)
			b.ReportAllocs()
			for b.Loop() {
				a.Next()
				a.Advance()
			}
		})
	}
}

func BenchmarkStats(b *testing.B) {
	g, err := New(Config{URL: "http://target.test/", Rate: 1})
	require.NoError(b, err)
	for i := range 100_000 {
		g.rec.sent(time.Duration(i)*50*time.Microsecond, time.Duration(i)*time.Microsecond)
		g.rec.done(result(time.Duration(i) * time.Microsecond))
	}
	b.ReportAllocs()
	for b.Loop() {
		g.Stats()
	}
}
