//go:build unix

package socket

import "syscall"

// restrict gives a socket that is not yet a file its mode.
func restrict(fd uintptr) { _ = syscall.Fchmod(int(fd), ownerOnly) }
