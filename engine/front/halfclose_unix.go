//go:build unix

package front

import "syscall"

// isReset tells whether a connection whose other side has sent its FIN has been reset since. A read would say
// the end, again and again.
func isReset(fd uintptr) bool {
	n, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
	return err != nil || n != 0
}
