package front

import (
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
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

// sendConn fails a write of which the client takes nothing for the timeout, or an eighth longer. Silence
// between writes is nobody's fault: an event stream may be as slow as it likes.
type sendConn struct {
	net.Conn
	timeout time.Duration
	free    atomic.Bool // no longer bound
	stuck   atomic.Bool // a write has failed: nothing more is worth waiting for

	mu     sync.Mutex
	set    time.Time // the deadline that Conn has, ours or theirs
	theirs time.Time // as TLS sets one for its farewell
}

func (c *sendConn) Write(p []byte) (n int, err error) {
	for {
		switch {
		case c.stuck.Load():
			return n, os.ErrDeadlineExceeded
		case !c.free.Load():
			c.bound(time.Now())
		}
		taken, err := c.Conn.Write(p[n:])
		n += taken
		switch late := errors.Is(err, os.ErrDeadlineExceeded); {
		case taken == 0 && late:
			c.stuck.Store(true)
			return n, err
		case !late || c.over():
			return n, err
		}
	}
}

// bound sees to it that Conn has a deadline that leaves the client its time. Setting one costs as much
// as little writes do, so the one of before serves for an eighth of the timeout.
func (c *sendConn) bound(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.theirs.IsZero() || c.set.Sub(now) >= c.timeout {
		return
	}
	c.set = now.Add(c.timeout + c.timeout/8)
	_ = c.Conn.SetWriteDeadline(c.set) // fails when closed, as the write does
}

// over tells whether a deadline that isn't ours has passed.
func (c *sendConn) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.theirs.IsZero() && !time.Now().Before(c.theirs)
}

// SetWriteDeadline lets somebody else's deadline take the place of ours, until it is taken away.
func (c *sendConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.IsZero() && c.theirs.IsZero() {
		return nil // the library takes away, before each request, what it has not set
	}
	c.theirs, c.set = t, t
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline is what the library calls when a connection is upgraded: from then on it is not bound.
func (c *sendConn) SetDeadline(t time.Time) error {
	c.free.Store(true)
	return c.Conn.SetDeadline(t)
}

// NetConn is the connection that this one bounds.
func (c *sendConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (c *sendConn) CloseWrite() error { return closeWrite(c.Conn) }

// sendStream does for a stream of HTTP/2 what sendConn does for a connection: a client may read the
// connection and yet open no window for the stream.
type sendStream struct {
	http.ResponseWriter
	timeout time.Duration // 0 sets none
	meter   *meteredConn
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
func (s sendStream) bound() { s.deadline(time.Now().Add(s.timeout)) }

func (s sendStream) release() {
	s.deadline(time.Time{})
	s.meter.work()
}

func (s sendStream) deadline(t time.Time) {
	if s.timeout > 0 {
		_ = http.NewResponseController(s.ResponseWriter).SetWriteDeadline(t) // a stream of HTTP/2 takes it
	}
}

// finish bounds what the library still holds of the response when the handler has returned: the last few
// KB, for which its goroutine waits. A stream that is over has no use for it.
func (s sendStream) finish(r *http.Request) {
	if r.Context().Err() == nil {
		s.bound()
	}
}
