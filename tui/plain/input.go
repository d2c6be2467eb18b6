package plain

import (
	"bufio"
	"io"

	uv "github.com/charmbracelet/ultraviolet"
)

// readLines hands on what comes in, line by line. stop interrupts it where in can be interrupted.
func readLines(in io.Reader) (lines chan string, stop func()) {
	lines, done := make(chan string), make(chan struct{})
	cancel := func() bool { return false }
	if r, err := uv.NewCancelReader(in); err == nil { // a plain file can't be, and need not
		in, cancel = r, r.Cancel
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(lines)
		scanner := bufio.NewScanner(in)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			case <-done:
				return
			}
		}
	}()
	return lines, func() {
		close(done)
		if cancel() {
			<-ended
		}
	}
}
