//go:build unix

package engine

import (
	"syscall"
	"time"
)

// processCPU is the CPU time the process has used so far, 0 when the system won't tell.
func processCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
