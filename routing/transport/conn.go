package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"

	"slbtui/routing/http1"
)

// Conn is a connection of Client.Any. It does for http.Transport, which closes a connection when a write
// fails and says nothing of its reads, what http1 does for itself: an answer that has come is read
// although the server hung up on the request, whoever reads hears of it before he waits, and a response
// that others could read in another way is told.
type Conn struct {
	net.Conn // TLS, or the socket itself
	socket   *http1.Socket

	mu    sync.Mutex
	scan  http1.HeadScan // of the current response
	wrote bool           // some of the current request has left
	heard bool           // some of its response has come
	lost  error          // the server takes no more
	plain bool           // errors are what they are: nobody has begun a request, or it was on a connection that was lost
}

// clearConn makes the Conn of a socket.
func clearConn(_ context.Context, c net.Conn, _ string) (net.Conn, error) {
	socket := http1.NewSocket(c)
	return &Conn{Conn: socket, socket: socket, plain: true}, nil
}

// secureConn makes the Conn of a socket over TLS.
func secureConn(verify *tls.Config) func(context.Context, net.Conn, string) (net.Conn, error) {
	return func(ctx context.Context, c net.Conn, addr string) (net.Conn, error) {
		socket := http1.NewSocket(c)
		secure, err := handshake(ctx, socket, addr, verify)
		if err != nil {
			return nil, err
		}
		return &Conn{Conn: secure, socket: socket, plain: true}, nil
	}
}

// Begin is for whoever has got the connection for a request, before it is written.
func (c *Conn) Begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scan, c.wrote, c.heard = http1.HeadScan{}, false, false
	c.plain = c.lost != nil
}

// Upgraded is for whoever has got the connection for another protocol: from now on errors are what they are.
func (c *Conn) Upgraded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plain = true
}

// Watch has wait called before a read would wait, or may, until Unwatch is called with the same wait.
func (c *Conn) Watch(wait *func() error) { c.socket.Waiting.Store(wait) }

// Unwatch ends a Watch, unless somebody else's has begun.
func (c *Conn) Unwatch(wait *func() error) { c.socket.Waiting.CompareAndSwap(wait, nil) }

// Idle is for whoever has had the connection when the transport keeps it for another request.
func (c *Conn) Idle(wait *func() error) {
	c.Unwatch(wait)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost != nil {
		_ = c.Close() // the server hung up although it did not say so
	}
}

// OldChunks tells that the response is older than HTTP/1.1 and yet has a Transfer-Encoding.
func (c *Conn) OldChunks() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scan.Chunked
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.scan.See(p[:n])
	c.heard = c.heard || n > 0
	if err != nil && c.lost != nil && !c.heard && errors.Is(err, io.EOF) {
		return n, c.lost // the system tells of a reset once
	}
	return n, err
}

// Write implements net.Conn. What a server that has hung up on a request no longer takes is thrown away.
func (c *Conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	lost, plain := c.lost, c.plain
	c.mu.Unlock()
	switch {
	case lost != nil && plain:
		return 0, lost
	case lost != nil:
		return len(p), nil
	}
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrote = c.wrote || n > 0
	hungUp := errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	if !hungUp || !c.wrote || c.plain { // a request of which nothing has left may go elsewhere
		return n, err
	}
	c.lost = err
	return len(p), nil
}

// CloseWrite ends one direction of an upgraded connection.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}
