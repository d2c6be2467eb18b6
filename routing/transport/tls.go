package transport

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
)

// HandshakeError is a connection on which no TLS could be agreed: a certificate that nobody vouches
// for, a name that is not in it, or a server that speaks plain HTTP.
type HandshakeError struct{ err error }

// Error implements error.
func (e *HandshakeError) Error() string { return fmt.Sprintf("TLS handshake: %v", e.err) }

// Unwrap returns what went wrong.
func (e *HandshakeError) Unwrap() error { return e.err }

// handshake makes c, which is connected to addr, a TLS connection. It is done at dialling, and not
// left to the library, since a request whose server could not be verified has not been sent: another
// server may have it.
func handshake(ctx context.Context, c net.Conn, addr string, verify *tls.Config) (net.Conn, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if verify != nil {
		cfg = verify.Clone()
	}
	if cfg.ServerName == "" {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			host = addr
		}
		cfg.ServerName = host
	}
	secure := tls.Client(c, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = c.Close() // never used
		return nil, &HandshakeError{err}
	}
	return secure, nil
}
