// Package cast keeps what a terminal was sent, with the time of each piece, as asciicast v3
// (https://docs.asciinema.org/manual/asciicast/v3/): a header, then a line of JSON for each event. It keeps no
// keys, knows no console, and starts no goroutine.
package cast

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"slbtui/engine/printable"
)

// MaxBytes is how large a recording becomes before it ends: an hour of a busy large screen, a day of a small one.
const MaxBytes = 256 << 20

// Size of a terminal, in cells.
type Size struct{ Cols, Rows int }

// Recorder writes a recording as it happens: each event is a line of its own, so that what a crash leaves behind can be
// played up to there. It is safe for concurrent use. An error ends the recording, never what is recorded.
type Recorder struct {
	mu      sync.Mutex
	file    *os.File
	limit   int64
	written int64
	now     func() time.Time
	last    time.Duration // of the last event, since the beginning, as it was written
	began   time.Time
	size    Size
	resized bool   // to be said before what is sent next
	rest    []byte // the first bytes of a character whose others are still to come
	err     error
}

// Create begins a recording at path, where nothing may be yet, of a terminal of that size and type ($TERM).
func Create(path string, size Size, termType string) (*Recorder, error) {
	r, err := create(path, size, termType, time.Now)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("begin the recording %s: there is a file of this name; choose another, or remove it", path)
	case err != nil:
		return nil, fmt.Errorf("begin the recording: %w", err)
	}
	return r, nil
}

func create(path string, size Size, termType string, now func() time.Time) (*Recorder, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	r := &Recorder{file: file, limit: MaxBytes, now: now, began: now(), size: size}
	r.line(header{
		Version: version, Term: terminal{Cols: size.Cols, Rows: size.Rows, Type: printable.Line(termType)},
		Timestamp: r.began.Unix(), Title: "slbtui",
	})
	if r.err != nil {
		return nil, errors.Join(r.err, file.Close())
	}
	return r, nil
}

// Resize says that the terminal has another size from now on.
func (r *Recorder) Resize(to Size) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if to != r.size {
		r.size, r.resized = to, true
	}
}

// Sent keeps what the terminal was sent.
func (r *Recorder) Sent(p []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return
	}
	if r.resized {
		r.resized = false
		r.event(codeResize, strconv.Itoa(r.size.Cols)+"x"+strconv.Itoa(r.size.Rows))
	}
	text := append(r.rest, p...)
	whole := len(text) - partial(text)
	r.rest = append([]byte(nil), text[whole:]...)
	if whole > 0 {
		r.event(codeOutput, string(text[:whole]))
	}
}

// partial counts the bytes at the end of text that begin a character and do not end it.
func partial(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if start := text[len(text)-n:]; utf8.RuneStart(start[0]) {
			if utf8.FullRune(start) {
				return 0
			}
			return n
		}
	}
	return 0
}

// Close ends the recording, and says what has kept it from being whole.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.event(codeExit, "0")
	}
	if err := errors.Join(r.err, r.file.Close()); err != nil {
		return fmt.Errorf("the recording %s ends after %v: %w", r.file.Name(), r.last.Round(time.Second), err)
	}
	return nil
}

// event writes one event. Times are since the event before, rounded so that the errors do not add up.
func (r *Recorder) event(code, data string) {
	at := max(r.last, r.now().Sub(r.began).Round(time.Millisecond))
	r.line([]any{json.Number(strconv.FormatFloat((at - r.last).Seconds(), 'f', 3, 64)), code, data})
	r.last = at
}

func (r *Recorder) line(v any) {
	if r.err != nil {
		return
	}
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	if r.written += int64(line.Len()); err == nil && r.written > r.limit {
		err = fmt.Errorf("it would be larger than %d MiB", r.limit>>20)
	}
	if err == nil {
		_, err = r.file.Write(line.Bytes())
	}
	r.err = err
}
