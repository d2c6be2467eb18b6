package trust

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTrust(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	s.Config.ErrorLog = nil
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600))
	reaches := func(tr Flags) error {
		cfg, err := tr.Config(s.URL)
		require.NoError(t, err)
		transport := &http.Transport{TLSClientConfig: cfg}
		defer transport.CloseIdleConnections()
		res, err := (&http.Client{Transport: transport}).Get(s.URL)
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			err = res.Body.Close()
		}
		return err
	}
	require.ErrorContains(t, reaches(Flags{}), "certificate")
	require.NoError(t, reaches(Flags{Insecure: true}))
	require.NoError(t, reaches(Flags{CA: ca}))
}
