// Package terminal has what a console needs of the terminal and of the shell behind it, system by system: to end
// although nobody reads, and to be suspended. It draws nothing, and has no goroutine.
package terminal

import (
	"os"

	"github.com/charmbracelet/x/term"
)

// Unsticker returns what to do about a terminal that has stopped reading, so that a program that waits to
// write to it can end: what the terminal has not read is dropped, and its mode is as it is now.
func Unsticker(f *os.File) func() {
	before, err := term.GetState(f.Fd())
	return func() {
		discardOutput(f)
		if err == nil {
			_ = term.Restore(f.Fd(), before) // on Linux this also wakes who waits to write
		}
	}
}
