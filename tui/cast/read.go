package cast

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"
)

// Bounds of what is read.
const (
	maxSide = 1000    // cells
	maxLine = 1 << 24 // bytes
)

// An Event is what happened to the terminal at a time since the beginning: it was sent text, or else has a new size.
type Event struct {
	At   time.Duration
	Text string
	Size Size
}

// Read reads a recording, asciicast v3 as any program writes it: the first size, and the events in order. What is
// neither text nor size is left out. A last line that a crash has cut short is no error.
func Read(in io.Reader) (Size, []Event, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return Size{}, nil, fmt.Errorf("read the recording: line 1: %w", err)
		}
		return Size{}, nil, fmt.Errorf("read the recording: it is empty")
	}
	var h header
	if err := json.Unmarshal(lines.Bytes(), &h); err != nil || h.Version != version {
		return Size{}, nil, fmt.Errorf("read the recording: line 1: want the header of an asciicast of version %d", version)
	}
	size := Size{Cols: h.Term.Cols, Rows: h.Term.Rows}
	if err := size.check(); err != nil {
		return Size{}, nil, fmt.Errorf("read the recording: line 1: %w", err)
	}
	var events []Event
	var at float64 // s
	var torn error // an error in the line before: only in the last line it is none
	for n := 2; lines.Scan(); n++ {
		if torn != nil {
			return Size{}, nil, torn
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		e, code, err := event(line, &at)
		switch {
		case err != nil:
			torn = fmt.Errorf("read the recording: line %d: %w", n, err)
		case code == codeOutput, code == codeResize:
			events = append(events, e)
		}
	}
	if err := lines.Err(); err != nil {
		return Size{}, nil, fmt.Errorf("read the recording: %w", err)
	}
	return size, events, nil
}

// event reads a line, which is so many seconds after at.
func event(line []byte, at *float64) (e Event, code string, err error) {
	var data string
	var after float64
	parts := []any{&after, &code, &data}
	if err := json.Unmarshal(line, &parts); err != nil || len(parts) != 3 {
		return e, "", fmt.Errorf("want [SECONDS, CODE, DATA]")
	}
	if *at += after; !(after >= 0) || *at > math.MaxInt64/1e9 {
		return e, "", fmt.Errorf("%v s after the event before: want 0 or more", after)
	}
	e.At = time.Duration(math.Round(*at*1e3)) * time.Millisecond
	switch code {
	case codeOutput:
		e.Text = data
	case codeResize:
		if _, err := fmt.Sscanf(data, "%dx%d", &e.Size.Cols, &e.Size.Rows); err != nil {
			return e, "", fmt.Errorf("resize to %q: want COLSxROWS", data)
		}
		err = e.Size.check()
	}
	return e, code, err
}

func (s Size) check() error {
	if s.Cols < 1 || s.Rows < 1 || s.Cols > maxSide || s.Rows > maxSide {
		return fmt.Errorf("a terminal of %dx%d: each side must be 1-%d", s.Cols, s.Rows, maxSide)
	}
	return nil
}
