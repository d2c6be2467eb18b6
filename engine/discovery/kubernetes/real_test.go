//go:build realapi

package kubernetes

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/discovery/kubernetes/apitest"
)

// The API server of testdata/apiserver, which says in its environment where it is.
func TestFollowsAServiceOfTheRealAPI(t *testing.T) {
	ca, err := os.ReadFile(os.Getenv("APISERVER_CA"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(ca))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	t.Cleanup(client.CloseIdleConnections)
	followsAService(t, apitest.NewCluster(t, os.Getenv("APISERVER_URL"), os.Getenv("APISERVER_TOKEN"), ca, client))
}
