package front

import (
	"net"
	"sync"
)

// LimitConnections lets at most n connections be open at once; further ones wait in the system's
// queue. 0 sets no limit.
func LimitConnections(l net.Listener, n int) net.Listener {
	if n == 0 {
		return l
	}
	return &limitedListener{Listener: l, places: make(chan struct{}, n), closed: make(chan struct{})}
}

// limitedListener accepts a connection only when there is a place for it.
type limitedListener struct {
	net.Listener
	places chan struct{} // holds one for each open connection
	once   sync.Once
	closed chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &limitedConn{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// limitedConn gives its place back when it is closed.
type limitedConn struct {
	net.Conn
	leave func()
}

func (c *limitedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// NetConn is the connection that this one bounds.
func (c *limitedConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (c *limitedConn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Close()
}
