//go:build unix

package terminal

import (
	"os/exec"
	"syscall"
)

// Detach gives a process that is yet to start a session of its own: what ends this one's terminal or its group of
// processes leaves it be.
func Detach(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
