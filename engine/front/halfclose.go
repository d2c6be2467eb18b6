package front

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"slbtui/engine/front/stream"
)

// allowHalfClose lets a client that has closed its side behind its request have its answer: for the
// timeout, or until it resets the connection. 0 ends the request at once, as the library does.
//
// A client that has left altogether looks the same until it is sent something. Over TLS it says farewell,
// and HTTP/2 has other ways to end a request: there the library's word stands.
func allowHalfClose(l net.Listener, timeout time.Duration) net.Listener {
	if timeout == 0 {
		return l
	}
	return halfCloseListener{l, timeout}
}

type halfCloseListener struct {
	net.Listener
	timeout time.Duration
}

func (l halfCloseListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return halfClosing(c, l.timeout), nil
}

// halfClosing does for a connection what allowHalfClose does for a listener's.
func halfClosing(c net.Conn, timeout time.Duration) net.Conn {
	if timeout == 0 {
		return c
	}
	return &halfCloseConn{Conn: c, timeout: timeout, raw: stream.SocketOf(c)} // without a socket a client's end is the end
}

// halfCloseConn keeps a client's FIN to itself while a handler runs. Meanwhile net/http reads one byte, to
// learn of the client's leaving: no other of its reads is that short. It ends that read by a deadline in the
// past when the handler is done, and then may hear of the FIN.
type halfCloseConn struct {
	net.Conn
	raw     syscall.RawConn // nil where there is none
	timeout time.Duration

	mu       sync.Mutex
	deadline time.Time // for reading, as the library has it
	until    time.Time // the time of a client that has closed its side; zero while it has not
}

func (c *halfCloseConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if len(p) == 1 && c.raw != nil && errors.Is(err, io.EOF) {
		return 0, c.awaitReset()
	}
	return n, err
}

// awaitReset waits until the client has reset the connection, its time is over, or the library wants to know.
func (c *halfCloseConn) awaitReset() error {
	c.mu.Lock()
	if !c.deadline.IsZero() {
		c.mu.Unlock()
		return os.ErrDeadlineExceeded
	}
	c.until = time.Now().Add(c.timeout)
	_ = c.Conn.SetReadDeadline(c.until) // fails when closed, as the wait does
	c.mu.Unlock()
	err := c.raw.Read(isReset)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = time.Time{}
	if errors.Is(err, os.ErrDeadlineExceeded) && !c.deadline.IsZero() {
		return err
	}
	return io.EOF
}

// SetReadDeadline sets that of reads. Who takes it away, be it that of a body that has just been read, does
// not take away the client's time.
func (c *halfCloseConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deadline = t; t.IsZero() {
		t = c.until
	}
	return c.Conn.SetReadDeadline(t)
}

// SetDeadline sets that of reads and writes.
func (c *halfCloseConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

// NetConn is the connection behind it.
func (c *halfCloseConn) NetConn() net.Conn { return c.Conn }

// CloseWrite lets an upgraded connection finish one direction.
func (c *halfCloseConn) CloseWrite() error { return closeWrite(c.Conn) }
