//go:build !unix

package cmd

import (
	"errors"
	"os"
)

// noShell says why ctrl+z cannot stop the process.
func noShell() error { return errors.New("ctrl+z: this system does not suspend programs") }

// continued never tells anything: no process is stopped here.
func continued() <-chan os.Signal { return nil }
