package proxy

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy/policytest"
)

func BenchmarkHandler(b *testing.B) {
	up := upstreamOf(b, answerWith(200, `{"ok":true}`))
	g := newRig(b, Config{ConnectTimeout: time.Second, RequestTimeout: 30 * time.Second}, up)
	g.handler.cfg.Observe = nil
	g.router.SetPolicy(&policytest.Turns{})
	get := func(b *testing.B, url string) {
		b.ReportAllocs()
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
		require.NoError(b, err)
		for b.Loop() {
			res, err := g.client.Do(req)
			require.NoError(b, err)
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
	}
	b.Run("proxied", func(b *testing.B) { get(b, g.url) })
	b.Run("direct", func(b *testing.B) { get(b, up) }) // the difference is ours
	b.Run("handler alone", func(b *testing.B) {
		b.ReportAllocs()
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		for b.Loop() {
			g.handler.ServeHTTP(httptest.NewRecorder(), req)
		}
	})
}
