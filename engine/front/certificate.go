package front

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync/atomic"

	"slbtui/engine/config"
)

// Certificate is that of a listener, from files that may be replaced while it runs, as certificate
// authorities want it every few weeks.
type Certificate struct {
	current atomic.Pointer[tls.Certificate]
	key     string                            // of the configuration
	read    func(path string) ([]byte, error) // with the rest it belongs to whoever calls Use
	cfg     config.TLS
	stamp   string
}

// LoadCertificate reads the files. Its error names the key of the configuration, such as load_balancer.tls.
func LoadCertificate(key string, cfg config.TLS) (*Certificate, error) {
	c := &Certificate{key: key, read: os.ReadFile}
	err := c.Use(cfg)
	c.read = config.ReadAgain
	return c, err
}

// Use takes the files. On an error it keeps the certificate it has.
func (c *Certificate) Use(cfg config.TLS) error {
	stamp := FileStamp(cfg.CertFile) + FileStamp(cfg.KeyFile) // before reading: a change meanwhile is noticed later
	c.stamp = stamp
	pair, err := c.pair(cfg)
	if err != nil {
		return fmt.Errorf("%s: %w", c.key, err)
	}
	c.cfg = cfg
	c.current.Store(&pair)
	return nil
}

func (c *Certificate) pair(cfg config.TLS) (tls.Certificate, error) {
	cert, err := c.read(cfg.CertFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := c.read(cfg.KeyFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// Again reads the files that it has read before.
func (c *Certificate) Again() error { return c.Use(c.cfg) }

// Changed tells whether the files are others than those last read.
func (c *Certificate) Changed() bool {
	return FileStamp(c.cfg.CertFile)+FileStamp(c.cfg.KeyFile) != c.stamp
}

// Get is the certificate of the moment, for tls.Config.
func (c *Certificate) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return c.current.Load(), nil
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
