// Command apiserver runs a real kube-apiserver, with its etcd in the same process, on loopback and in a temporary
// folder, for as long as the command given to it runs:
//
//	apiserver go test -tags realapi ./engine/...
//
// That finds it by APISERVER_URL, APISERVER_CA (a file) and APISERVER_TOKEN. It is a module of its own, so that
// Kubernetes stays out of the program's; see run beside it.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const token = "only-for-this-test"

func main() {
	if len(os.Args) < 2 {
		log.Fatal("give the command to run beside it")
	}
	dir, err := os.MkdirTemp("", "apiserver-")
	if err != nil {
		log.Fatal(err)
	}
	err = run(dir, os.Args[1:])
	_ = os.RemoveAll(dir)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(dir string, command []string) error {
	etcd, err := startEtcd(dir)
	if err != nil {
		return err
	}
	defer etcd.Close()
	cert, key, err := certificate(dir)
	if err != nil {
		return err
	}
	tokens := filepath.Join(dir, "tokens")
	if err := os.WriteFile(tokens, []byte(token+",tester,1,system:masters\n"), 0o600); err != nil {
		return err
	}
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(addr)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	api := app.NewAPIServerCommand()
	api.SetArgs([]string{
		"--etcd-servers=http://" + etcd.Clients[0].Addr().String(),
		"--bind-address=127.0.0.1", "--secure-port=" + port, "--tls-cert-file=" + cert, "--tls-private-key-file=" + key,
		"--service-account-issuer=https://test", "--service-account-key-file=" + key, "--service-account-signing-key-file=" + key,
		"--token-auth-file=" + tokens, "--authorization-mode=RBAC", "--service-cluster-ip-range=10.96.0.0/16",
		"--endpoint-reconciler-type=none", "--disable-admission-plugins=ServiceAccount",
	})
	failed := make(chan error, 1)
	go func() { failed <- api.ExecuteContext(ctx) }() // ends with the process
	if err := ready("https://"+addr, failed); err != nil {
		return err
	}
	beside := exec.Command(command[0], command[1:]...)
	beside.Stdout, beside.Stderr = os.Stdout, os.Stderr
	beside.Env = append(os.Environ(), "APISERVER_URL=https://"+addr, "APISERVER_CA="+cert, "APISERVER_TOKEN="+token)
	return beside.Run()
}

func startEtcd(dir string) (*embed.Etcd, error) {
	cfg := embed.NewConfig()
	cfg.Dir, cfg.LogLevel = filepath.Join(dir, "etcd"), "error"
	free := []url.URL{{Scheme: "http", Host: "127.0.0.1:0"}}
	cfg.ListenClientUrls, cfg.ListenPeerUrls = free, free
	etcd, err := embed.StartEtcd(cfg)
	if err != nil {
		return nil, err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case <-time.After(time.Minute):
		return nil, errors.New("etcd is not ready after a minute")
	}
}

// certificate makes one that vouches for itself.
func certificate(dir string) (cert, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return "", "", err
	}
	encoded, err := x509.MarshalECPrivateKey(private) // what signs accounts is wanted so
	if err != nil {
		return "", "", err
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	return cert, key, errors.Join(
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), 0o600))
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func ready(base string, failed <-chan error) error {
	verify := &tls.Config{InsecureSkipVerify: true} // only to see that it is there
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{TLSClientConfig: verify}}
	for range 240 {
		select {
		case err := <-failed:
			return fmt.Errorf("kube-apiserver: %w", err)
		case <-time.After(500 * time.Millisecond):
		}
		req, err := http.NewRequest(http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.New("kube-apiserver is not ready after two minutes")
}
