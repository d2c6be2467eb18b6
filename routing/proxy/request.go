package proxy

import (
	"net"
	"net/http"
)

// Request is what may be told of a client's request, however it came.
type Request interface {
	Peer() string // the address that it came from, without a port
	Method() string
	Host() string
	Path() string                // decoded
	Proto() string               // HTTP/1.1
	Values(name string) []string // of a header, by its canonical name
}

// HTTPRequest is one that the library has read.
type HTTPRequest struct{ *http.Request }

// Peer implements Request.
func (r HTTPRequest) Peer() string {
	if peer, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return peer
	}
	return r.RemoteAddr
}

// Method implements Request.
func (r HTTPRequest) Method() string { return r.Request.Method }

// Host implements Request.
func (r HTTPRequest) Host() string { return r.Request.Host }

// Path implements Request.
func (r HTTPRequest) Path() string { return r.URL.Path }

// Proto implements Request.
func (r HTTPRequest) Proto() string { return r.Request.Proto }

// Values implements Request.
func (r HTTPRequest) Values(name string) []string { return r.Header[name] }
