package engine

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/loadgen"
)

// Plain HTTP takes the short way, and needs no other; TLS does not take it.
func TestClientsOfTheLoad(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	get := func(url string, edit func(*http.Transport) http.RoundTripper) {
		clients := newClients(loadgen.Config{URL: url})
		defer clients.CloseIdleConnections()
		clients.Other = edit(clients.Other.(*http.Transport))
		req, err := http.NewRequest(http.MethodGet, url, http.NoBody)
		require.NoError(t, err)
		resp, err := clients.RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}

	plain := httptest.NewServer(ok)
	defer plain.Close()
	get(plain.URL, func(*http.Transport) http.RoundTripper { return nil })

	secure := httptest.NewTLSServer(ok)
	defer secure.Close()
	get(secure.URL, func(other *http.Transport) http.RoundTripper {
		other.TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
		return other
	})
}
