package apitest

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Endpoint is one of a slice.
type Endpoint struct {
	Address     string
	Unready     bool
	Terminating bool // and still serving
}

// Cluster is an API server as whoever changes its slices sees it.
type Cluster struct {
	URL, TokenFile, CAFile string
	Client                 *http.Client
	token                  string
}

// NewCluster is that of an API server. The client must trust it.
func NewCluster(t testing.TB, url, token string, ca []byte, client *http.Client) *Cluster {
	t.Helper()
	c := &Cluster{URL: url, Client: client, token: token}
	c.TokenFile, c.CAFile = filepath.Join(t.TempDir(), "token"), filepath.Join(t.TempDir(), "ca.crt")
	for file, data := range map[string][]byte{c.TokenFile: []byte(token + "\n"), c.CAFile: ca} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Cluster is the fake as others see it.
func (f *Fake) Cluster(t testing.TB) *Cluster {
	t.Helper()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw})
	return NewCluster(t, f.URL, Token, ca, f.Client())
}

// Put makes a slice of the service, or replaces it. The port is named http.
func (c *Cluster) Put(t testing.TB, service, name string, port int, endpoints ...Endpoint) {
	t.Helper()
	items := []any{}
	for _, e := range endpoints {
		items = append(items, map[string]any{
			"addresses":  []string{e.Address},
			"conditions": map[string]any{"ready": !e.Unready && !e.Terminating, "serving": !e.Unready, "terminating": e.Terminating},
		})
	}
	body := map[string]any{
		"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
		"metadata":  map[string]any{"name": name, "labels": map[string]any{"kubernetes.io/service-name": service}},
		"endpoints": items, "ports": []any{map[string]any{"name": "http", "port": port, "protocol": "TCP"}},
	}
	if c.send(t, http.MethodPut, "/"+name, body) == http.StatusNotFound {
		c.send(t, http.MethodPost, "", body)
	}
}

// Delete removes a slice, if it is there.
func (c *Cluster) Delete(t testing.TB, name string) {
	t.Helper()
	c.send(t, http.MethodDelete, "/"+name, nil)
}

func (c *Cluster) send(t testing.TB, method, at string, body any) int {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(method, c.URL+prefix+"default/endpointslices"+at, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode >= 300 && res.StatusCode != http.StatusNotFound {
		t.Fatalf("%s %s: %s: %s", method, at, res.Status, said)
	}
	return res.StatusCode
}

// Real is the API server that the environment names, as testdata/apiserver sets it.
func Real(t testing.TB) *Cluster {
	t.Helper()
	ca, err := os.ReadFile(os.Getenv("APISERVER_CA"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	c := NewCluster(t, os.Getenv("APISERVER_URL"), os.Getenv("APISERVER_TOKEN"), ca, client)
	t.Cleanup(client.CloseIdleConnections)
	return c
}
