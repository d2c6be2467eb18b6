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

// writeNow writes what there is room for, perhaps nothing.
func (f *Flow) writeNow(p []byte) (int, error) {
	f.out = p
	closed := f.client.Socket.Control(f.put)
	f.out = nil
	switch {
	case closed != nil:
		return 0, closed
	case errors.Is(f.refused, syscall.EAGAIN), errors.Is(f.refused, syscall.EINTR):
		return 0, nil
	case f.refused != nil:
		return 0, os.NewSyscallError("write", f.refused)
	}
	return f.taken, nil
}
