package front

import (
	"context"
	"crypto/tls"
	"net"
	"sync"

	"slbtui/engine/config"
	"slbtui/routing/fast"
)

// handedListener is what the library accepts from: connections that another front has begun to read.
type handedListener struct {
	addr   net.Addr
	limits config.ClientLimits
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func newHandedListener(addr net.Addr, limits config.ClientLimits) *handedListener {
	return &handedListener{addr: addr, limits: limits, conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept implements net.Listener.
func (l *handedListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Connections that come later are closed.
func (l *handedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *handedListener) Addr() net.Addr { return l.addr }

// take hands a connection to the library.
func (l *handedListener) take(c net.Conn, rest fast.Rest) {
	secure, isSecure := c.(*tls.Conn)
	switch {
	case !isSecure:
		c = &meteredConn{Conn: halfClosing(rest.Conn(c), l.limits.HalfClose)}
	case len(rest.Read) > 0: // without, the library knows what TLS has agreed upon
		c = securedConn{rest.Conn(c), secure}
	}
	select {
	case l.conns <- c:
	case <-l.closed:
		_ = c.Close() // the server is closing: nobody would answer
	}
}

// securedConn tells the library what TLS has agreed upon.
type securedConn struct {
	*fast.Handed
	tls *tls.Conn
}

// NetConn is the connection behind it.
func (c securedConn) NetConn() net.Conn { return c.Handed }

// ConnectionState is that of TLS.
func (c securedConn) ConnectionState() tls.ConnectionState { return c.tls.ConnectionState() }

// connContext puts into a connection's context what the handler asks for.
func connContext(ctx context.Context, c net.Conn) context.Context {
	ctx = context.WithValue(ctx, meterKey{}, find[*meteredConn](c))
	if handed := find[*fast.Handed](c); handed != nil {
		ctx = handed.In(ctx)
	}
	return ctx
}

// find is the connection of a kind among what stands around one, nil where there is none.
func find[T net.Conn](c net.Conn) (found T) {
	for {
		switch inner := c.(type) {
		case T:
			return inner
		case interface{ NetConn() net.Conn }:
			c = inner.NetConn()
		default:
			return found
		}
	}
}
