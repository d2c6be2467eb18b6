package loadgen

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Name and password in the URL become a header, and are in no error.
func TestCredentialsInTheURL(t *testing.T) {
	var known atomic.Int64
	srv := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); ok && user == "ann" && password == "s:cret" {
			known.Add(1)
		}
	}))
	defer srv.Close()
	cfg := Config{
		URL: strings.Replace(srv.URL, "https://", "https://ann:s%3Acret@", 1), Rate: 1000, Arrivals: Constant, Duration: 20 * time.Millisecond, Drain: time.Minute,
		TLS: srv.Client().Transport.(*http.Transport).TLSClientConfig,
	}
	run := func(cfg Config) Stats {
		g, err := New(cfg)
		require.NoError(t, err)
		require.NoError(t, g.Run(t.Context()))
		return g.Stats()
	}
	require.EqualValues(t, 20, run(cfg).ByStatus["200"])
	require.EqualValues(t, 20, known.Load())

	cfg.TLS = nil
	cfg.OnResult = func(r Result) {
		if r.Err != nil && strings.Contains(r.Err.Error(), "cret") {
			t.Error(r.Err)
		}
	}
	require.EqualValues(t, 20, run(cfg).ByError["tls"], "nobody vouches for its certificate")
	cfg.TLS = &tls.Config{InsecureSkipVerify: true}
	require.EqualValues(t, 20, run(cfg).ByStatus["200"])

	// A header that was asked for wins.
	cfg.Header = http.Header{"Authorization": {"Bearer x"}}
	before := known.Load()
	run(cfg)
	require.Equal(t, before, known.Load())

	for _, url := range []string{"ftp://ann:s:cret@host/", "http://ann:s:cret%zz@host/", "http://ann:s:cret@"} {
		_, err := New(Config{URL: url, Rate: 1})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "cret")
	}
}
