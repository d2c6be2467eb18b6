//go:build unix && !linux

package fast

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// presenceOf asks the socket of a client. One that has sent more is taken to be there.
func presenceOf(socket syscall.RawConn) presence {
	p := whollyGone
	_ = socket.Control(func(fd uintptr) { // fails when closed
		var one [1]byte
		n, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR), n > 0:
			p = present
		case err == nil:
			p = halfGone
		}
	})
	return p
}
