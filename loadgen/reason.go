package loadgen

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// Reason is in a word why a request got no complete response.
type Reason string

// The reasons. What a response says of itself, such as a status of 500, is none of them.
const (
	ReasonRefused Reason = "refused" // nobody listens there
	ReasonReset   Reason = "reset"   // the connection ended before the response did
	ReasonTimeout Reason = "timeout" // Config.Timeout, or that of a connection
	ReasonTLS     Reason = "tls"     // no TLS could be agreed, or the certificate is not to be believed
	ReasonDNS     Reason = "dns"     // the name of the host leads nowhere
	ReasonOther   Reason = "other"
)

// Reasons lists them in the order in which they are told.
func Reasons() []Reason {
	return []Reason{ReasonRefused, ReasonReset, ReasonTimeout, ReasonTLS, ReasonDNS, ReasonOther}
}

// reasonOf finds the reason of an error that is not nil. A name that cannot be looked up in time is
// about the name.
func reasonOf(err error) Reason {
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &name):
		return ReasonDNS
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT),
		errors.As(err, &timeout) && timeout.Timeout():
		return ReasonTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return ReasonRefused
	case isTLS(err):
		return ReasonTLS
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return ReasonReset
	}
	return ReasonOther
}

// isTLS tells whether a handshake has failed. An alert of either side is a net.OpError of its own kind.
func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var op *net.OpError
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &record) || errors.As(err, &certificate) || errors.As(err, &unknown) ||
		errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}
