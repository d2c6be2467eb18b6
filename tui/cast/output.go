package cast

import (
	"bytes"
	"io"
	"os"
)

// Screen is a terminal whose output is recorded; all else is the terminal's.
type Screen struct {
	*os.File
	recorder *Recorder
}

// NewScreen records what f is sent.
func NewScreen(f *os.File, r *Recorder) *Screen { return &Screen{File: f, recorder: r} }

// Write sends p to the terminal, and records what of it was sent.
func (s *Screen) Write(p []byte) (int, error) {
	n, err := s.File.Write(p)
	s.recorder.Sent(p[:n])
	return n, err
}

// WriteString is Write.
func (s *Screen) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// ReadFrom is Write of all that in has.
func (s *Screen) ReadFrom(in io.Reader) (int64, error) { return io.Copy(struct{ io.Writer }{s}, in) }

// Lines records lines of text on their way to out, as a terminal would show them: \n begins a line.
func Lines(out io.Writer, r *Recorder) io.Writer { return lines{out, r} }

type lines struct {
	out      io.Writer
	recorder *Recorder
}

func (l lines) Write(p []byte) (int, error) {
	n, err := l.out.Write(p)
	l.recorder.Sent(bytes.ReplaceAll(p[:n], []byte("\n"), []byte("\r\n")))
	return n, err
}
