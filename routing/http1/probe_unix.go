//go:build unix

package http1

import (
	"net"
	"syscall"
)

// probe looks whether an idle connection has something to read, without waiting for it.
type probe struct {
	raw   syscall.RawConn
	look  func(fd uintptr)
	buf   [1]byte
	quiet bool
}

// prepare is called once: what looks is made only here.
func (p *probe) prepare(nc net.Conn) {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	p.raw = raw
	p.look = func(fd uintptr) {
		n, err := syscall.Read(int(fd), p.buf[:]) // the descriptor never blocks
		p.quiet = n < 0 && (err == syscall.EAGAIN || err == syscall.EWOULDBLOCK)
	}
}

// silent tells whether the connection is open with nothing to read. One that can't be looked at is
// taken to be.
func (p *probe) silent() bool {
	if p.raw == nil {
		return true
	}
	return p.raw.Control(p.look) == nil && p.quiet
}
