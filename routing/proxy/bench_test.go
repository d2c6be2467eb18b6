package proxy

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
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

// BenchmarkResponse has the kinds of response: what is there leaves in one write, whatever its framing, and
// what isn't costs no more than it has to.
func BenchmarkResponse(b *testing.B) {
	for name, tc := range map[string]struct {
		size   int
		pieces int // sent one by one, without a length
		post   bool
	}{
		"10 KB": {size: 10 << 10}, "1 MB": {size: 1 << 20}, "chunked": {size: 1 << 10, pieces: 1}, "pieces": {size: 100, pieces: 10},
		"post": {size: 1 << 10, post: true}, "post 10 KB": {size: 10 << 10, post: true},
	} {
		b.Run(name, func(b *testing.B) {
			piece := bytes.Repeat([]byte("x"), tc.size)
			up := upstreamOf(b, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if tc.pieces == 0 {
					w.Header().Set("Content-Length", strconv.Itoa(tc.size))
				}
				for range max(1, tc.pieces) {
					_, _ = w.Write(piece)
					if tc.pieces > 0 {
						w.(http.Flusher).Flush()
					}
				}
			})
			g := newRig(b, Config{RequestTimeout: 30 * time.Second, IdleTimeout: time.Minute}, up)
			g.handler.cfg.Observe = nil
			g.router.SetPolicy(&policytest.Turns{})
			b.ReportAllocs()
			for b.Loop() {
				req, err := http.NewRequest(http.MethodGet, g.url, nil)
				if tc.post {
					req, err = http.NewRequest(http.MethodPost, g.url, strings.NewReader("a small form"))
				}
				require.NoError(b, err)
				res, err := g.client.Do(req)
				require.NoError(b, err)
				n, err := io.Copy(io.Discard, res.Body)
				require.NoError(b, err)
				require.EqualValues(b, tc.size*max(1, tc.pieces), n)
				_ = res.Body.Close()
			}
		})
	}
}
