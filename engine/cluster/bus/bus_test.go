package bus

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

const patience = time.Minute

func unused(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// certificates are those of a replica, signed by an authority of its own.
func certificates(t *testing.T) config.MutualTLS {
	dir := t.TempDir()
	files := config.MutualTLS{CertFile: filepath.Join(dir, "cert"), KeyFile: filepath.Join(dir, "key"), CAFile: filepath.Join(dir, "ca")}
	write := func(path, kind string, der []byte) {
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	}
	key := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		return k
	}
	until := time.Now().Add(time.Hour)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: until, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	caKey := key()
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	require.NoError(t, err)
	write(files.CAFile, "CERTIFICATE", der)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "replica"}, NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	leafKey := key()
	der, err = x509.CreateCertificate(rand.Reader, leaf, ca, leafKey.Public(), caKey)
	require.NoError(t, err)
	write(files.CertFile, "CERTIFICATE", der)
	der, err = x509.MarshalECPrivateKey(leafKey)
	require.NoError(t, err)
	write(files.KeyFile, "EC PRIVATE KEY", der)
	return files
}

func open(t *testing.T, c config.Cluster) *Bus {
	c.Fleet, c.Store = "test", t.TempDir()
	b, err := Open(c)
	require.NoError(t, err)
	require.NoError(t, b.Start())
	t.Cleanup(b.Stop)
	return b
}

func TestAStrangerHearsNothing(t *testing.T) {
	ours := certificates(t)
	peers := []string{unused(t), unused(t), unused(t)}
	a := open(t, config.Cluster{Name: "a", Listen: peers[0], Peers: peers, TLS: ours})
	b := open(t, config.Cluster{Name: "b", Listen: peers[1], Peers: peers, TLS: ours})
	stranger := open(t, config.Cluster{Name: "c", Listen: peers[2], Peers: peers, TLS: certificates(t)})
	var heard, overheard atomic.Int64
	require.NoError(t, b.Hear("word", func([]byte) { heard.Add(1) }))
	require.NoError(t, stranger.Hear("word", func([]byte) { overheard.Add(1) }))
	require.Eventually(t, func() bool {
		_ = a.Say("word", []byte("ours"))
		_ = stranger.Say("word", []byte("theirs"))
		return heard.Load() > 20
	}, patience, 20*time.Millisecond)
	require.Zero(t, overheard.Load())
	require.Zero(t, stranger.embedded.NumRoutes())
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := stranger.Ask(ctx, "a", nil)
	require.ErrorIs(t, err, ErrNobody)
}

func TestWhatCannotBeOpenedIsToldAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, []byte("no certificate"), 0o600))
	for want, c := range map[string]config.Cluster{
		"free the port or choose another":                  {Listen: l.Addr().String(), Store: t.TempDir()},
		"cluster.store: ":                                  {Listen: unused(t), Store: file},
		"cluster.tls.ca_file: " + file + " holds no PEM":   {Listen: unused(t), Store: t.TempDir(), Peers: []string{"127.0.0.1:1"}, TLS: config.MutualTLS{CertFile: file, KeyFile: file, CAFile: file}},
		"cluster.credentials: stat /nowhere: no such file": {URL: "nats://127.0.0.1:1", Credentials: "/nowhere"},
	} {
		_, err := Open(c)
		require.ErrorContains(t, err, want)
	}
}

func TestNamesOfHosts(t *testing.T) {
	require.Equal(t, "web-1-example-6222", nameOf("web-1.example", "10.0.0.1:6222"))
	require.Equal(t, "web", nameOf("web", ""))
}

func TestNATSThatThereIs(t *testing.T) {
	there, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	require.NoError(t, err)
	go there.Start()
	require.True(t, there.ReadyForConnections(patience))
	t.Cleanup(func() { there.Shutdown(); there.WaitForShutdown() })
	a := open(t, config.Cluster{Name: "a", URL: there.ClientURL()})
	b := open(t, config.Cluster{Name: "b", URL: there.ClientURL()})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	first, err := a.Bucket(ctx, "orders")
	require.NoError(t, err)
	second, err := b.Bucket(ctx, "orders")
	require.NoError(t, err)
	revision, err := first.Put(ctx, "policy", "1", []byte("p2c"))
	require.NoError(t, err)
	again, err := first.Put(ctx, "policy", "1", []byte("p2c"))
	require.NoError(t, err)
	require.Equal(t, revision, again, "it is written once")
	seen := make(chan Value, 10)
	watching, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = second.Watch(watching, func(v Value) { seen <- v }) }()
	require.Equal(t, Value{"policy", []byte("p2c"), revision}, <-seen)
	require.Equal(t, Value{}, <-seen, "that is all there was")
	_, err = second.Put(ctx, "drain.s", "2", []byte("x"))
	require.NoError(t, err)
	require.Equal(t, "drain.s", (<-seen).Key)
	last, err := first.Last(ctx)
	require.NoError(t, err)
	require.Equal(t, revision+1, last)
	stop()
	<-done
}
