package terminal

import (
	"os"
	"syscall"
)

// discardOutput drops what a terminal has not read yet (tcflush(3)). It does not wait.
func discardOutput(f *os.File) {
	const (
		tcflsh  = 0x540b // TCFLSH, which package syscall lacks
		outward = 1      // TCOFLUSH
	)
	_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), tcflsh, outward)
}
