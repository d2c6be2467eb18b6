//go:build unix && !linux

package http1

import "syscall"

// ReadNow reads from a descriptor that never blocks.
func ReadNow(fd uintptr, p []byte) (int, error) { return syscall.Read(int(fd), p) }

// WriteNow writes to a descriptor that never blocks.
func WriteNow(fd uintptr, p []byte) (int, error) { return syscall.Write(int(fd), p) }
