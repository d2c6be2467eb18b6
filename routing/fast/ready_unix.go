//go:build unix

package fast

import (
	"errors"
	"os"
	"syscall"

	"slbtui/routing/http1"
)

const canReadReady = true

// readReady reads what is there, and tells whether anything was, be it the end. Until then it needs no buffer.
func (s *Session) readReady(fd uintptr) bool {
	s.take()
	for {
		n, err := http1.ReadNow(fd, s.work.in)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			s.release()
			return false
		}
		s.n = max(0, n)
		return true
	}
}

func (s *Session) writeOut(fd uintptr) { s.taken, s.refused = http1.WriteNow(fd, s.out) }

// writeNow writes what there is room for, perhaps nothing.
func (s *Session) writeNow(p []byte) (int, error) {
	if s.client.Socket == nil || s.client.Secure {
		return 0, nil
	}
	s.out = p
	closed := s.client.Socket.Control(s.put)
	s.out = nil
	switch {
	case closed != nil:
		return 0, closed
	case errors.Is(s.refused, syscall.EAGAIN), errors.Is(s.refused, syscall.EINTR):
		return 0, nil
	case s.refused != nil:
		return 0, os.NewSyscallError("write", s.refused)
	}
	return s.taken, nil
}
