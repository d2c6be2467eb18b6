package remote

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

// certificate is one that httptest has for 127.0.0.1, in files, and who trusts it.
func certificate(t *testing.T) (files config.TLS, trusted *tls.Config) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	key, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	require.NoError(t, err)
	dir := t.TempDir()
	files = config.TLS{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	require.NoError(t, os.WriteFile(files.CertFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600))
	require.NoError(t, os.WriteFile(files.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return files, &tls.Config{RootCAs: roots}
}

func TestOverTLS(t *testing.T) {
	files, trusted := certificate(t)
	path, operator, _ := tokens(t)
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0", TokensFile: path, TLS: files})
	e := attached(t, Options{Token: operator, TLS: trusted}, "https://"+address)
	require.NoError(t, e.Do(t.Context(), live.ToggleRL{}))
	require.Len(t, b.got, 1)

	for url, want := range map[string]string{"https://" + address: "its certificate is not believed: ", "http://" + address: "no admin listener of slbtui answers there (status 400)"} {
		e, err := Open([]string{url}, Options{Token: operator})
		require.NoError(t, err)
		err = e.Meet(t.Context())
		require.ErrorContains(t, err, want)
		require.True(t, strings.HasPrefix(err.Error(), url))
		e.members[0].client.CloseIdleConnections()
	}
}
