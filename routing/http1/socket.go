package http1

import (
	"errors"
	"net"
	"sync/atomic"
)

// errNothingYet is a probe's: a read would wait.
var errNothingYet = errors.New("nothing has come yet")

// Socket is a connection that tells when a read of it would wait, for transports other than this
// package's: whoever passes on what he reads sends what he has before he waits for more.
type Socket struct {
	net.Conn
	probe probe
	// Waiting is called before a read that would wait, or may, by the goroutine that reads. Its error is
	// the read's. Nil is not called. The connection of an http.Transport changes hands: whoever sets it
	// takes it back before somebody else reads.
	Waiting atomic.Pointer[func() error]
}

// NewSocket makes a Socket of c.
func NewSocket(c net.Conn) *Socket {
	s := &Socket{Conn: c}
	s.probe.prepare(c)
	return s
}

// Read implements net.Conn.
func (s *Socket) Read(p []byte) (int, error) {
	waiting := s.Waiting.Load()
	if waiting == nil {
		return s.Conn.Read(p)
	}
	if n, err := s.probe.read(p); !errors.Is(err, errNothingYet) {
		return n, err
	}
	if err := (*waiting)(); err != nil {
		return 0, err
	}
	return s.Conn.Read(p)
}

// CloseWrite ends one direction, as an upgraded connection may.
func (s *Socket) CloseWrite() error {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return s.Close()
}
