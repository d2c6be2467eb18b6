package fast

import (
	"context"
	"net"

	"slbtui/routing/proxy"
)

// Rest is what becomes of a connection whose session has ended.
type Rest struct {
	Over  bool         // nothing more: close it
	Read  []byte       // has been read of what is net/http's now
	Begun *proxy.Begun // the first request of that has been begun; may be nil
}

// Conn is the connection for net/http, whose handler must be proxy's, and get a context that Handed.In has made:
// what has been begun is not begun again.
func (r Rest) Conn(c net.Conn) *Handed { return &Handed{Conn: c, rest: r} }

// Handed is a connection of which something has been read.
type Handed struct {
	net.Conn
	rest Rest
}

// In is the context for the connection's requests.
func (h *Handed) In(ctx context.Context) context.Context {
	if h.rest.Begun == nil {
		return ctx
	}
	return h.rest.Begun.In(ctx)
}

// Read implements net.Conn.
func (h *Handed) Read(p []byte) (int, error) {
	if len(h.rest.Read) == 0 {
		return h.Conn.Read(p)
	}
	n := copy(p, h.rest.Read)
	if h.rest.Read = h.rest.Read[n:]; len(h.rest.Read) == 0 {
		h.rest.Read = nil
	}
	return n, nil
}

// Close implements net.Conn. It ends what has been begun, and nobody has taken.
func (h *Handed) Close() error {
	if h.rest.Begun != nil {
		h.rest.Begun.Drop()
	}
	return h.Conn.Close()
}

// NetConn is the connection behind it.
func (h *Handed) NetConn() net.Conn { return h.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (h *Handed) CloseWrite() error {
	if half, ok := h.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return h.Conn.Close()
}
