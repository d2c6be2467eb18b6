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
func writeNow(socket syscall.RawConn, p []byte) (n int, err error) {
	closed := socket.Control(func(fd uintptr) { n, err = http1.WriteNow(fd, p) })
	switch {
	case closed != nil:
		return 0, closed
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return 0, nil
	case err != nil:
		return 0, os.NewSyscallError("write", err)
	}
	return n, nil
}
