package engine

import (
	"errors"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// boundSends bounds the time in which a client takes nothing of what it is sent. Without a bound
// one that never reads holds a connection, and with it a place at a server, for ever. 0 sets none.
func boundSends(l net.Listener, timeout time.Duration) net.Listener {
	if timeout == 0 {
		return l
	}
	return sendListener{l, timeout}
}

type sendListener struct {
	net.Listener
	timeout time.Duration
}

func (l sendListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &sendConn{Conn: c, timeout: l.timeout}, nil
}

// sendConn fails a write of which the client takes nothing for the timeout. Silence between writes
// is nobody's fault: an event stream may be as slow as it likes.
type sendConn struct {
	net.Conn
	timeout time.Duration
	free    atomic.Bool // no longer bound
	stuck   atomic.Bool // a write has failed: nothing more is worth waiting for
}

func (c *sendConn) Write(p []byte) (n int, err error) {
	for {
		switch {
		case c.stuck.Load():
			return n, os.ErrDeadlineExceeded
		case !c.free.Load():
			_ = c.SetWriteDeadline(time.Now().Add(c.timeout)) // fails when closed, as the write does
		}
		taken, err := c.Conn.Write(p[n:])
		n += taken
		if taken == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			c.stuck.Store(true)
		}
		if taken == 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
	}
}

// SetDeadline is what the library calls when a connection is upgraded: from then on it is not bound.
func (c *sendConn) SetDeadline(t time.Time) error {
	c.free.Store(true)
	return c.Conn.SetDeadline(t)
}

// CloseWrite lets an upgraded connection finish one direction.
func (c *sendConn) CloseWrite() error { return closeWrite(c.Conn) }

// sendStream does for a stream of HTTP/2 what sendConn does for a connection: a client may read the
// connection and yet open no window for the stream. The last few KB wait in the library's buffer,
// unbound, when the handler has returned: they hold no server.
type sendStream struct {
	http.ResponseWriter
	timeout time.Duration
}

func (s sendStream) Write(p []byte) (int, error) {
	s.bound()
	defer s.release()
	return s.ResponseWriter.Write(p)
}

// FlushError implements what http.ResponseController looks for.
func (s sendStream) FlushError() error {
	s.bound()
	defer s.release()
	return http.NewResponseController(s.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController find the rest.
func (s sendStream) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// bound starts the time of a write, release ends it: outside of writes the deadline would end a stream
// that is only silent.
func (s sendStream) bound()   { s.deadline(time.Now().Add(s.timeout)) }
func (s sendStream) release() { s.deadline(time.Time{}) }

func (s sendStream) deadline(t time.Time) {
	_ = http.NewResponseController(s.ResponseWriter).SetWriteDeadline(t) // a stream of HTTP/2 takes it
}
