// Package accesslog writes a line of JSON for each request that the proxy has finished with.
//
// It never logs what may be secret: no query, no body, and no header but the client's name for itself (User-Agent).
// Lines are buffered for up to a
// second; a full disk, or a pipe whose reader is slow, loses lines and never delays a request's end
// for long. Run owns no goroutine but its caller's.
package accesslog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"slbtui/routing/proxy"
)

const (
	bufferBytes = 64 << 10
	flushPeriod = time.Second
	// pipePatience is how long a write waits for the reader of a pipe. After it lines are lost until the next
	// flush, so that no more than this is lost a second.
	pipePatience = 50 * time.Millisecond
)

// Log is an access log. It is safe for concurrent use.
type Log struct {
	path  string    // "" when the writer is not a file of ours
	lines sync.Pool // of *[]byte

	mu   sync.Mutex
	file *os.File
	w    *bufio.Writer
}

// Open appends to the file at path, which is made if it does not exist, readable by its owner alone:
// who asked for what is nobody else's business.
func Open(path string) (*Log, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	l := New(hasty{f})
	l.path, l.file = path, f
	return l, nil
}

func openFile(path string) (*os.File, error) {
	// O_NONBLOCK: opening a pipe would wait for its reader, and writing to it could not be given up.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NONBLOCK, 0o600)
	switch {
	case errors.Is(err, syscall.ENXIO):
		return nil, fmt.Errorf("access log: %s is a pipe that nobody reads: start its reader first, or choose a file", path)
	case err != nil:
		return nil, fmt.Errorf("access log: %w; choose another file, or stderr", err)
	}
	return f, nil
}

// hasty gives a write up whose reader takes its time: the end of no request waits for it, nor does ours.
type hasty struct{ *os.File }

func (h hasty) Write(p []byte) (int, error) {
	_ = h.SetWriteDeadline(time.Now().Add(pipePatience)) // a regular file has none, and needs none
	return h.File.Write(p)
}

// New logs to w.
func New(w io.Writer) *Log {
	l := &Log{w: bufio.NewWriterSize(w, bufferBytes)}
	l.lines.New = func() any {
		line := make([]byte, 0, 1024)
		return &line
	}
	return l
}

// Observe logs a request. What cannot be written is lost.
func (l *Log) Observe(x proxy.Exchange) {
	line := l.lines.Get().(*[]byte)
	defer l.lines.Put(line)
	*line = appendLine((*line)[:0], &x)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.w.Write(*line)
}

// Run writes out what is buffered once a second, until ctx is done and everything is written.
func (l *Log) Run(ctx context.Context) error {
	ticker := time.NewTicker(flushPeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			l.mu.Lock()
			l.flush()
			l.mu.Unlock()
		case <-ctx.Done():
			return l.close()
		}
	}
}

// flush writes out what is buffered. After an error the buffer starts again: those lines are lost,
// but a disk that has room again gets the next ones.
func (l *Log) flush() {
	if l.w.Flush() != nil && l.file != nil {
		l.w.Reset(hasty{l.file})
	}
}

// Reopen goes on in a new file of the same name, after the old one was moved away. On an error the
// old one stays in use. It does nothing for a log that is no file.
func (l *Log) Reopen() error {
	if l.path == "" {
		return nil
	}
	f, err := openFile(l.path)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	old := l.file
	l.file = f
	l.w.Reset(hasty{f})
	return old.Close()
}

func (l *Log) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := l.w.Flush()
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
	}
	if err != nil {
		return fmt.Errorf("access log: %w", err)
	}
	return nil
}
