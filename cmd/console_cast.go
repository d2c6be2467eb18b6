package cmd

import (
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"slbtui/tui/cast"
)

// record begins the recording that --cast asks for; it is nil where none was.
func (f *consoleFlags) record() (*cast.Recorder, error) {
	if f.cast == "" {
		return nil, nil
	}
	size := cast.Size{Cols: 80, Rows: 24} // what terminals began with, where there is none
	if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil && w > 0 && h > 0 {
		size = cast.Size{Cols: w, Rows: h}
	}
	r, err := cast.Create(f.cast, size, os.Getenv("TERM"))
	if err != nil {
		return nil, usageError{err}
	}
	return r, nil
}

// spoken is out, with its lines recorded by r where there is one.
func spoken(out io.Writer, r *cast.Recorder) io.Writer {
	if r == nil {
		return out
	}
	return cast.Lines(out, r)
}

// recorded ends a recording, if there is one.
func recorded(r *cast.Recorder) error {
	if r == nil {
		return nil
	}
	return r.Close()
}
