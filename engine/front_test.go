package engine

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

// serveConfig proxies to servers of the test's own, s1, s2 and so on.
func serveConfig(urls ...string) config.Config {
	cfg := quickConfig()
	cfg.Servers = nil
	for i, u := range urls {
		cfg.Servers = append(cfg.Servers, config.Server{ID: "s" + string(rune('1'+i)), URL: u, Weight: 1})
	}
	cfg.Health.Path = ""
	return cfg
}

func upstream(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func answer(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

// client speaks the protocols that set allows.
func client(t *testing.T, roots *x509.CertPool, set func(*http.Protocols)) *http.Client {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, Protocols: new(http.Protocols)}
	set(tr.Protocols)
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	res, err := c.Get(url)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res, string(b)
}

// writeCertificate makes one for 127.0.0.1 with this serial number.
func writeCertificate(t *testing.T, dir string, serial int64) (config.TLS, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	c := config.TLS{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	require.NoError(t, os.WriteFile(c.CertFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(c.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool.AddCert(cert)
	return c, pool
}

func TestCleartextSpeaksHTTP1AndHTTP2(t *testing.T) {
	e := start(t, serveConfig(upstream(t, answer)), Options{ServeOnly: true})
	for want, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2.0": func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		res, body := get(t, client(t, nil, set), "http://"+e.Addr())
		require.Equal(t, want, res.Proto)
		require.Equal(t, "ok", body)
	}
}

func TestTLSWithACertificateThatIsReplaced(t *testing.T) {
	dir := t.TempDir()
	cfg := serveConfig(upstream(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get("X-Forwarded-Proto"))
	}))
	var roots *x509.CertPool
	cfg.LoadBalancer.TLS, roots = writeCertificate(t, dir, 1)
	e := start(t, cfg, Options{ServeOnly: true})
	url := "https://" + e.Addr()
	for want, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2.0": func(p *http.Protocols) { p.SetHTTP2(true) },
	} {
		res, body := get(t, client(t, roots, set), url)
		require.Equal(t, want, res.Proto)
		require.Equal(t, "https", body)
	}

	_, roots = writeCertificate(t, dir, 2)
	do(t, e, live.RefreshCertificate{})
	res, _ := get(t, client(t, roots, func(p *http.Protocols) { p.SetHTTP2(true) }), url)
	require.EqualValues(t, 2, res.TLS.PeerCertificates[0].SerialNumber.Int64())

	require.NoError(t, os.WriteFile(cfg.LoadBalancer.TLS.KeyFile, []byte("half a k"), 0o600))
	require.ErrorContains(t, e.Do(t.Context(), live.RefreshCertificate{}), "load_balancer.tls")
	do(t, e, live.RefreshCertificate{}) // said once, not every second
	res, _ = get(t, client(t, roots, func(p *http.Protocols) { p.SetHTTP2(true) }), url)
	require.EqualValues(t, 2, res.TLS.PeerCertificates[0].SerialNumber.Int64(), "the one before is kept")
}

func TestTLSFilesThatCannotBeUsed(t *testing.T) {
	cfg := serveConfig("http://127.0.0.1:1")
	cfg.LoadBalancer.TLS = config.TLS{CertFile: "none.pem", KeyFile: "none.pem"}
	e, err := New(cfg, Options{ServeOnly: true})
	require.NoError(t, err)
	require.ErrorContains(t, e.Listen(), "load_balancer.tls: open none.pem")

	cfg = serveConfig("https://127.0.0.1:1")
	cfg.LoadBalancer.UpstreamTLS.CAFile = "front_test.go"
	e, err = New(cfg, Options{ServeOnly: true})
	require.NoError(t, err)
	require.ErrorContains(t, e.Listen(), "front_test.go holds no PEM certificate")
}

func TestOurOwnLoadSpeaksNoTLS(t *testing.T) {
	cfg := quickConfig()
	cfg.LoadBalancer.TLS, _ = writeCertificate(t, t.TempDir(), 1)
	_, err := New(cfg, Options{})
	require.ErrorContains(t, err, "slbtui serve")
}

func TestInsecureUpstreamsAreWarnedOf(t *testing.T) {
	up := httptest.NewTLSServer(http.HandlerFunc(answer))
	t.Cleanup(up.Close)
	cfg := serveConfig(up.URL)
	cfg.LoadBalancer.UpstreamTLS.Insecure = true
	e := start(t, cfg, Options{ServeOnly: true})
	_, body := get(t, client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) }), "http://"+e.Addr())
	require.Equal(t, "ok", body)
	s := eventually(t, e, func(s *live.Snapshot) bool { return len(s.Events) > 1 })
	require.Contains(t, s.Events[1].Text, "insecure")
}

func TestClientLimits(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.ClientLimits.HeaderBytes = 2048
	cfg.LoadBalancer.ClientLimits.BodyBytes = 10
	e := start(t, cfg, Options{ServeOnly: true})
	c := client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	req, err := http.NewRequest(http.MethodGet, "http://"+e.Addr(), nil)
	require.NoError(t, err)
	req.Header.Set("X-Long", strings.Repeat("x", 10000))
	res, err := c.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
	res, err = c.Post("http://"+e.Addr(), "text/plain", strings.NewReader("hello world"))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode)
}

// Whatever the protocol, a client that asks and does not read loses its place in the end.
func TestClientsThatDoNotReadLetGoOfTheServer(t *testing.T) {
	for name, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) },
		"HTTP/2":   func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		t.Run(name, func(t *testing.T) {
			cut := make(chan struct{})
			cfg := serveConfig(upstream(t, func(w http.ResponseWriter, _ *http.Request) {
				defer close(cut)
				for chunk := make([]byte, 1<<20); ; {
					if _, err := w.Write(chunk); err != nil {
						return
					}
				}
			}))
			cfg.LoadBalancer.ClientLimits.SendTimeout = 50 * time.Millisecond
			e := start(t, cfg, Options{ServeOnly: true})
			res, err := client(t, nil, set).Get("http://" + e.Addr())
			require.NoError(t, err)
			<-cut
			_, err = io.Copy(io.Discard, res.Body)
			require.Error(t, err, "the client can tell that the rest is missing")
			_ = res.Body.Close()
			eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[0].InFlight == 0 })
		})
	}
}
