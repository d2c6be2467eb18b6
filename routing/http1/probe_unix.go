//go:build unix

package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// probe reads of a connection what is there, without waiting for more.
type probe struct {
	raw  syscall.RawConn
	look func(fd uintptr)
	put  func(fd uintptr)
	into []byte // of the read under way, or what is being written
	n    int    // what it brought
	err  error
	one  [1]byte
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
	p.look = func(fd uintptr) { p.n, p.err = ReadNow(fd, p.into) } // the descriptor never blocks
	p.put = func(fd uintptr) { p.n, p.err = WriteNow(fd, p.into) }
}

// socket is the descriptor behind the connection, nil where there is none.
func (p *probe) socket() syscall.RawConn { return p.raw }

// write is that of an io.Writer that never waits: it takes what there is room for, perhaps nothing.
func (p *probe) write(b []byte) (int, error) {
	if p.raw == nil {
		return 0, nil
	}
	p.into = b
	closed := p.raw.Control(p.put)
	p.into = nil
	switch {
	case closed != nil:
		return 0, closed
	case p.n > 0:
		return p.n, nil
	case p.err == nil, errors.Is(p.err, syscall.EAGAIN), errors.Is(p.err, syscall.EINTR):
		return 0, nil
	}
	return 0, os.NewSyscallError("write", p.err)
}

// silent tells whether the connection is open with nothing to read. One that can't be looked at is
// taken to be.
func (p *probe) silent() bool {
	_, err := p.read(p.one[:])
	return errors.Is(err, errNothingYet)
}

// read is that of an io.Reader, but fails with errNothingYet where it would wait, or can't know.
func (p *probe) read(b []byte) (int, error) {
	if p.raw == nil {
		return 0, errNothingYet
	}
	p.into = b
	closed := p.raw.Control(p.look)
	p.into = nil
	switch {
	case closed != nil:
		return 0, closed
	case p.n > 0:
		return p.n, nil
	case errors.Is(p.err, syscall.EAGAIN), errors.Is(p.err, syscall.EINTR):
		return 0, errNothingYet
	case p.err != nil:
		return 0, os.NewSyscallError("read", p.err)
	}
	return 0, io.EOF
}
