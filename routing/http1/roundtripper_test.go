package http1

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type refuser struct{}

var errOther = errors.New("other")

func (refuser) RoundTrip(*http.Request) (*http.Response, error) { return nil, errOther }

func TestRoundTripper(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Saw", r.Method+" "+r.RequestURI+" "+r.Host+" "+r.Header.Get("A"))
		_, _ = w.Write(b)
	}))
	defer server.Close()
	g := newRig(t, answering(ok))
	g.addr = strings.TrimPrefix(server.URL, "http://")
	rt := &RoundTripper{Transport: g.Transport, Addr: g.addr, Other: refuser{}}
	defer rt.CloseIdleConnections()

	req, err := http.NewRequest(http.MethodPost, server.URL+"/a?b=c", strings.NewReader("body"))
	require.NoError(t, err)
	req.Header.Set("A", "1")
	res, err := rt.RoundTrip(req)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "body", string(b))
	require.Equal(t, "POST /a?b=c "+g.addr+" 1", res.Header.Get("X-Saw"))
	require.Equal(t, req, res.Request)

	for name, url := range map[string]string{"another server": "http://127.0.0.1:1/", "https": "https://" + g.addr} {
		req, err := http.NewRequest(http.MethodGet, url, nil)
		require.NoError(t, err)
		_, err = rt.RoundTrip(req)
		require.ErrorIs(t, err, errOther, name)
	}
	req, err = http.NewRequest(http.MethodPost, server.URL, io.NopCloser(strings.NewReader("of unknown length")))
	require.NoError(t, err)
	_, err = rt.RoundTrip(req)
	require.ErrorIs(t, err, errOther)
}

func BenchmarkRoundTrip(b *testing.B) {
	g := newRig(b, answering(ok))
	std := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 100}
	defer std.CloseIdleConnections()
	for name, rt := range map[string]http.RoundTripper{
		"http1":          &RoundTripper{Transport: g.Transport, Addr: g.addr, Other: std},
		"http.Transport": std,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			req, err := http.NewRequest(http.MethodGet, "http://"+g.addr, nil)
			require.NoError(b, err)
			for b.Loop() {
				res, err := rt.RoundTrip(req)
				require.NoError(b, err)
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
		})
	}
}
