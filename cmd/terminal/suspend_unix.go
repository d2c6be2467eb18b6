//go:build unix

package terminal

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// NoShell says why ctrl+z cannot stop the process: nobody would continue it. The kernel does not stop a group
// of processes without a parent in its session (an orphaned one, POSIX), and whoever waited for its end would
// wait for ever.
func NoShell() error {
	session, err := unix.Getsid(0)
	if err != nil {
		return nil //nolint:nilerr // unknown: as everywhere else
	}
	shell, err := unix.Getsid(os.Getppid())
	if signal.Ignored(syscall.SIGTSTP) || syscall.Getpgrp() == session || err == nil && shell != session {
		return errors.New("ctrl+z: there is no shell to go back to")
	}
	return nil
}

// Continued tells when the process was stopped and goes on.
func Continued() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGCONT)
	return c
}
