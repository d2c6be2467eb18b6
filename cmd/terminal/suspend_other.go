//go:build !unix

package terminal

import (
	"errors"
	"os"
)

// NoShell says why ctrl+z cannot stop the process.
func NoShell() error { return errors.New("ctrl+z: this system does not suspend programs") }

// Continued never tells anything: no process is stopped here.
func Continued() <-chan os.Signal { return nil }
