// Package plain is the console as lines of text: the same Acts as on the screen, spoken. It draws nothing,
// knows no program, and never writes an escape sequence.
package plain

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"slbtui/engine/live"
)

// The pace of plain text.
const (
	DefaultInterval = 5 * time.Second        // a line can be spoken in it
	MinInterval     = 100 * time.Millisecond // the engine has nothing newer
	MaxInterval     = time.Hour
)

// Options shape the console as lines of text.
type Options struct {
	Interval     time.Duration // between two lines, MinInterval-MaxInterval; 0 is DefaultInterval
	ReadOnly     bool          // shows everything, changes nothing of the engine
	EndWithInput bool          // the end of the input is a wish to quit, as ctrl+d at a terminal is
}

// Run is the console for screen readers, simple terminals and pipes: every interval one line says
// how things are, events have lines of their own as they happen, and commands are lines of in (the
// command line's, and a few more). It returns when the user quits or ctx ends, which is no error; a panic
// comes back as an error with its stack. It starts one goroutine, which ends with in or, where in can
// be interrupted, with Run.
func Run(ctx context.Context, e live.Engine, in io.Reader, out io.Writer, o Options) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the console crashed in plain text: %v\n%s", cause, debug.Stack())
		}
	}()
	input, stop := readLines(in)
	defer stop()
	p := newSpeaker(e, out, o)
	ticker := time.NewTicker(MinInterval)
	defer ticker.Stop()
	var commands <-chan string // none before there is anything to command
	for !p.over && p.err == nil {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			if p.frame(now, e.Snapshot()) {
				commands, input = input, nil
			}
		case line, ok := <-commands:
			if ok {
				p.command(line)
				continue
			}
			if o.EndWithInput {
				return nil
			}
			commands = nil
			p.say("input has ended: no more commands; the run goes on until its end or ctrl+c")
		}
	}
	return p.err
}
