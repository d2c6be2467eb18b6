package engine

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

const filePeriod = time.Second // how often files are looked at for changes

// certificate is the proxy's, from files that may be replaced while it runs, as certificate
// authorities want it every few weeks.
type certificate struct {
	current atomic.Pointer[tls.Certificate]
	cfg     config.TLS // the rest belongs to the control goroutine
	stamp   string
}

func loadCertificate(cfg config.TLS) (*certificate, error) {
	c := &certificate{}
	return c, c.use(cfg)
}

// use takes the files. On an error it keeps the certificate it has.
func (c *certificate) use(cfg config.TLS) error {
	stamp := FileStamp(cfg.CertFile) + FileStamp(cfg.KeyFile) // before reading: a change meanwhile is noticed later
	pair, err := tls.LoadX509KeyPair(cfg.CertFile, cfg.KeyFile)
	c.stamp = stamp
	if err != nil {
		return fmt.Errorf("load_balancer.tls: %w", err)
	}
	c.cfg = cfg
	c.current.Store(&pair)
	return nil
}

// changed tells whether the files are others than those last read.
func (c *certificate) changed() bool {
	return FileStamp(c.cfg.CertFile)+FileStamp(c.cfg.KeyFile) != c.stamp
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.current.Load(), nil
}

// watchCertificate asks for the certificate to be read again when its files have changed.
func (e *Engine) watchCertificate(ctx context.Context) error {
	ticker := time.NewTicker(filePeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = e.Do(ctx, live.RefreshCertificate{}) // its failure is an event
		case <-ctx.Done():
			return nil
		}
	}
}

func (e *Engine) refreshCertificate() error {
	if e.cert == nil || !e.cert.changed() {
		return nil
	}
	if err := e.cert.use(e.cfg.LoadBalancer.TLS); err != nil {
		e.event("warning", "", "the certificate of before is kept: "+err.Error())
		return err
	}
	e.event("config", "", "new certificate from "+e.cfg.LoadBalancer.TLS.CertFile)
	return nil
}

// FileStamp tells two versions of a file apart, by time, size and mode. A file that cannot be
// looked at has a stamp too.
func FileStamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "-"
	}
	return fmt.Sprintf("%d/%d/%v;", info.ModTime().UnixNano(), info.Size(), info.Mode())
}
