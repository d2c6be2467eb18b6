package hostile

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/config"
)

// What servers may do to the proxy and its clients. The tests know the proxy by its address alone.

// upstreamThat is a server that has serve answer each request, whose header has been read, until serve closes
// the connection. It says how many there were.
func upstreamThat(t *testing.T, secure *tls.Config, serve func(c net.Conn, r *http.Request, in *bufio.Reader)) (url string, connections func() int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background()) // of each request
	var all sync.WaitGroup
	var mu sync.Mutex
	n := 0
	all.Go(func() {
		for {
			raw, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			n++
			mu.Unlock()
			c := raw
			if secure != nil {
				c = tls.Server(raw, secure)
			}
			all.Go(func() {
				defer func() { _ = raw.Close() }()
				defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					serve(c, r.WithContext(ctx), in)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); cancel(); all.Wait() })
	scheme := "http://"
	if secure != nil {
		scheme = "https://"
	}
	return scheme + l.Addr().String(), func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// identity is a certificate for 127.0.0.1, as a server has it, in a file, and as a client trusts it.
func identity(t *testing.T) (server *tls.Config, files config.TLS, client *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	s.Close()
	cert := s.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	require.NoError(t, err)
	dir := t.TempDir()
	files = config.TLS{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	require.NoError(t, os.WriteFile(files.CertFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}), 0o600))
	require.NoError(t, os.WriteFile(files.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: []tls.Certificate{cert}}, files, &tls.Config{RootCAs: roots}
}

// proxyBefore runs the real proxy before the servers, with the patience that it has by default.
func proxyBefore(t *testing.T, secure config.TLS, urls ...string) (address string) {
	t.Helper()
	cfg := config.Default()
	cfg.Servers = nil
	for i, u := range urls {
		cfg.Servers = append(cfg.Servers, config.Server{ID: "s" + string(rune('1'+i)), URL: u, Weight: 1})
	}
	cfg.LoadBalancer.Port, cfg.LoadBalancer.Front = 0, frontOfNow
	cfg.LoadBalancer.DrainTimeout = time.Millisecond
	cfg.LoadBalancer.HealthPath, cfg.Health.Path = "", ""
	cfg.LoadBalancer.TLS = secure
	cfg.LoadBalancer.UpstreamTLS.Insecure = true
	e, err := engine.New(cfg, engine.Options{ServeOnly: true, Seed: 1})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	return e.Addr()
}

// talk sends bytes and returns all that comes back until the proxy hangs up.
func talk(t *testing.T, address, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(c, request) // the proxy may hang up before the end
	}()
	got, err := io.ReadAll(c)
	require.NoError(t, timedOut(err), "%.200q", got)
	_ = c.Close()
	<-written
	return string(got)
}

// asks are requests that take the different ways through the proxy: in memory, streamed, and with a switch
// of protocols in mind.
var asks = map[string]string{
	"GET":    "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
	"POST":   "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nform",
	"chunks": "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nform\r\n0\r\n\r\n",
	"expect": "PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nform",
}

// answering is an upstream that answers each request, read whole, with bytes.
func answering(t *testing.T, answer string) (url string) {
	url, _ = upstreamThat(t, nil, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
		if r.Header.Get("Expect") != "" {
			_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(c, answer)
	})
	return url
}

// breakingOff is one that hangs up behind its answer.
func breakingOff(t *testing.T, answer string) (url string) {
	url, _ = upstreamThat(t, nil, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
		if r.Header.Get("Expect") != "" {
			_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(c, answer)
		_ = c.Close()
	})
	return url
}

// head is a response's status line and header, and what follows them.
func head(t *testing.T, response string) (head, body string) {
	t.Helper()
	response = strings.TrimPrefix(response, "HTTP/1.1 100 Continue\r\n\r\n")
	head, body, whole := strings.Cut(response, "\r\n\r\n")
	require.True(t, whole, "%.300q", response)
	return head + "\r\n", body
}
