package fast

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// presenceOf asks the socket of a client, whatever it has sent that nobody has read.
func presenceOf(socket syscall.RawConn) presence {
	p := whollyGone
	_ = socket.Control(func(fd uintptr) { // fails when closed
		poll := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		_, err := unix.Poll(poll[:], 0)
		switch {
		case err != nil:
			p = present
		case poll[0].Revents&(unix.POLLERR|unix.POLLHUP|unix.POLLNVAL) != 0:
		case poll[0].Revents&unix.POLLRDHUP != 0:
			p = halfGone
		default:
			p = present
		}
	})
	return p
}
