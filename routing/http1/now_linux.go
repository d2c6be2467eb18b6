package http1

import (
	"syscall"
	"unsafe"
)

// ReadNow reads from a socket that never blocks. The runtime is not told of the call, as it has to be of one
// that may take its time: to tell it costs as much as the call, and has the processor given away when others keep
// the thread from running.
func ReadNow(fd uintptr, p []byte) (int, error) { return now(syscall.SYS_RECVFROM, fd, p) }

// WriteNow writes to a socket that never blocks, as ReadNow reads.
func WriteNow(fd uintptr, p []byte) (int, error) { return now(syscall.SYS_SENDTO, fd, p) }

// now is by the calls for sockets, which cost less than those for any file.
func now(call, fd uintptr, p []byte) (int, error) {
	n, _, err := syscall.RawSyscall6(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0)
	if err != 0 {
		return 0, err
	}
	return int(n), nil
}
