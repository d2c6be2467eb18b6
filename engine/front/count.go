package front

import (
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// Connections counts those of clients. The zero value is ready to use, by any number of goroutines.
type Connections struct {
	open     atomic.Int64
	accepted atomic.Uint64
}

// Open is how many are open, upgraded ones left out.
func (c *Connections) Open() int { return int(c.open.Load()) }

// Accepted is how many there have been.
func (c *Connections) Accepted() uint64 { return c.accepted.Load() }

// follow is for http.Server.ConnState. A connection that is upgraded is no longer the server's.
func (c *Connections) follow(_ net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		c.accepted.Add(1)
		c.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}

// count counts the connections of a listener, whoever serves them.
func (c *Connections) count(l net.Listener) net.Listener { return countedListener{l, c} }

type countedListener struct {
	net.Listener
	count *Connections
}

func (l countedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.count.accepted.Add(1)
	l.count.open.Add(1)
	return &countedConn{Conn: c, leave: sync.OnceFunc(func() { l.count.open.Add(-1) })}, nil
}

// countedConn counts until it is closed.
type countedConn struct {
	net.Conn
	leave func()
}

func (c *countedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// NetConn is the connection behind it.
func (c *countedConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (c *countedConn) CloseWrite() error { return closeWrite(c.Conn) }

// forgetHijacked is for http.Server.ConnState: an upgraded connection counts no longer.
func forgetHijacked(c net.Conn, s http.ConnState) {
	if s != http.StateHijacked {
		return
	}
	if counted := find[*countedConn](c); counted != nil {
		counted.leave()
	}
}
