package unpolled

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Conn is a connection. What Control does to its descriptor never waits; the first call that may has Go's poller watch
// it, and from then on it is a connection like any other. It is safe for concurrent use, as a net.Conn is.
type Conn struct {
	local, remote net.Addr

	mu     sync.Mutex
	fd     int
	closed bool
	file   *os.File // nil while Go's poller does not know the descriptor, and the descriptor's owner afterwards
}

// New makes a Conn of a connected socket that does not block. The descriptor is its own from now on.
func New(fd int, local, remote net.Addr) *Conn { return &Conn{fd: fd, local: local, remote: remote} }

// Of takes a connection from Go's poller. c is closed, and its connection goes on as the Conn. It fails, and leaves c
// as it is, where c has no descriptor or the system has none left.
func Of(c net.Conn) (*Conn, error) {
	if c, ok := c.(*Conn); ok {
		return c, nil
	}
	socket, ok := c.(syscall.Conn)
	if !ok {
		return nil, syscall.ENOTSUP
	}
	own, err := duplicate(socket)
	if err != nil {
		return nil, err
	}
	u := New(own, c.LocalAddr(), c.RemoteAddr())
	_ = c.Close() // of two descriptors this was one
	return u, nil
}

// duplicate is another descriptor of the same thing.
func duplicate(c syscall.Conn) (fd int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return -1, err
	}
	closed := raw.Control(func(of uintptr) { fd, err = unix.FcntlInt(of, unix.F_DUPFD_CLOEXEC, 0) })
	if closed != nil {
		return -1, closed
	}
	return fd, os.NewSyscallError("fcntl", err)
}

// polled is the connection as Go's poller has it.
func (c *Conn) polled() (*os.File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, net.ErrClosed
	}
	if c.file == nil {
		c.file = os.NewFile(uintptr(c.fd), "socket")
	}
	return c.file, nil
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) { return c.wait("read", p, (*os.File).Read) }

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (int, error) { return c.wait("write", p, (*os.File).Write) }

func (c *Conn) wait(op string, p []byte, until func(*os.File, []byte) (int, error)) (n int, err error) {
	f, err := c.polled()
	if err == nil {
		n, err = until(f, p)
	}
	return n, c.failed(op, err)
}

// failed is an error as those of package net are, by which others tell them.
func (c *Conn) failed(op string, err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	var file *fs.PathError
	if errors.As(err, &file) {
		err = file.Err
	}
	if errors.Is(err, fs.ErrClosed) {
		err = net.ErrClosed
	}
	return &net.OpError{Op: op, Net: c.remote.Network(), Source: c.local, Addr: c.remote, Err: err}
}

// Close implements net.Conn.
func (c *Conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failed("close", net.ErrClosed)
	}
	c.closed = true
	if c.file != nil {
		return c.failed("close", c.file.Close())
	}
	return c.failed("close", os.NewSyscallError("close", unix.Close(c.fd)))
}

// CloseWrite ends one direction.
func (c *Conn) CloseWrite() (err error) {
	if closed := c.control(func(fd uintptr) { err = unix.Shutdown(int(fd), unix.SHUT_WR) }); closed != nil {
		return closed
	}
	return c.failed("close", os.NewSyscallError("shutdown", err))
}

// LocalAddr implements net.Conn.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error { return c.bound(t, (*os.File).SetDeadline) }

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.bound(t, (*os.File).SetReadDeadline) }

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.bound(t, (*os.File).SetWriteDeadline) }

// bound sets a deadline. Where nobody has waited yet there is none to take away.
func (c *Conn) bound(t time.Time, set func(*os.File, time.Time) error) error {
	c.mu.Lock()
	none := t.IsZero() && c.file == nil && !c.closed
	c.mu.Unlock()
	if none {
		return nil
	}
	f, err := c.polled()
	if err == nil {
		err = set(f, t)
	}
	return c.failed("set", err)
}

// SyscallConn implements syscall.Conn.
func (c *Conn) SyscallConn() (syscall.RawConn, error) { return socket{c}, nil }

// control has f do to the descriptor what does not wait.
func (c *Conn) control(f func(fd uintptr)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failed("control", net.ErrClosed)
	}
	f(uintptr(c.fd))
	return nil
}

// socket is the descriptor of a Conn.
type socket struct{ *Conn }

// Control implements syscall.RawConn.
func (s socket) Control(f func(fd uintptr)) error { return s.control(f) }

// Read implements syscall.RawConn.
func (s socket) Read(f func(fd uintptr) bool) error {
	return s.until("read", f, syscall.RawConn.Read)
}

// Write implements syscall.RawConn.
func (s socket) Write(f func(fd uintptr) bool) error {
	return s.until("write", f, syscall.RawConn.Write)
}

func (s socket) until(op string, f func(fd uintptr) bool, wait func(syscall.RawConn, func(uintptr) bool) error) error {
	file, err := s.polled()
	if err != nil {
		return s.failed(op, err)
	}
	raw, err := file.SyscallConn()
	if err == nil {
		err = wait(raw, f)
	}
	return s.failed(op, err)
}
