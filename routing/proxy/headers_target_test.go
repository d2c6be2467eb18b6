package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// HTTP/2 carries what would end an HTTP/1.1 request line. It must not reach a server, whose fault
// it would seem to be.
func TestWhatEndsARequestLine(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(http.ResponseWriter, *http.Request) { panic("must not arrive") }))
	for name, change := range map[string]func(r *http.Request){
		"query":  func(r *http.Request) { r.URL.RawQuery = "a b" },
		"tab":    func(r *http.Request) { r.URL.RawQuery = "a\tb" },
		"method": func(r *http.Request) { r.Method = "GET /x HTTP/1.1\r\nX:" },
		"no token": func(r *http.Request) {
			r.Method, r.Body, r.ContentLength = "G@T", io.NopCloser(strings.NewReader("x")), -1
		},
		"host":           func(r *http.Request) { r.Host = "h x" },
		"host's path":    func(r *http.Request) { r.Host = "h/x" },
		"host's letters": func(r *http.Request) { r.Host = "münchen.de" },
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		change(r)
		w := httptest.NewRecorder()
		g.handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusBadRequest, w.Code, name)
		require.Contains(t, w.Body.String(), "bad_target", name)
	}
}
