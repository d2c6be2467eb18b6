// Package accesslog writes a line of JSON for each request that the proxy has finished with.
//
// It never logs what may be secret: no query, no header, no body. Lines are buffered for up to a
// second; a full disk, or a pipe whose reader is slow, loses lines and never delays a request's end
// for long. Run owns no goroutine but its caller's.
package accesslog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"slbtui/engine/printable"
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
	path   string // "" when the writer is not a file of ours
	logger *slog.Logger

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
	l.logger = slog.New(slog.NewJSONHandler(lineWriter{l}, &slog.HandlerOptions{ReplaceAttr: plain}))
	return l
}

// plain leaves out what says nothing here: every line has the same level and message.
func plain(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
		return slog.Attr{}
	}
	return a
}

// lineWriter lets lines and Reopen take turns. A log is looked at on terminals, and clients choose what is in it.
type lineWriter struct{ l *Log }

func (w lineWriter) Write(line []byte) (int, error) {
	w.l.mu.Lock()
	defer w.l.mu.Unlock()
	if _, err := w.l.w.Write(printable.JSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// Observe logs a request.
func (l *Log) Observe(x proxy.Exchange) {
	client, _, err := net.SplitHostPort(x.Request.RemoteAddr)
	if err != nil {
		client = x.Request.RemoteAddr
	}
	l.logger.LogAttrs(context.Background(), slog.LevelInfo, "",
		slog.String("id", x.ID),
		slog.String("client", client),
		slog.String("method", x.Request.Method),
		slog.String("host", x.Request.Host),
		slog.String("path", x.Request.URL.Path),
		slog.String("proto", x.Request.Proto),
		slog.Int("status", x.Status),
		slog.Int64("bytes", x.Bytes),
		slog.Float64("duration_ms", float64(x.Latency.Microseconds())/1000),
		slog.String("upstream", x.ServerID),
		slog.Int("attempts", x.Attempts),
		slog.String("policy", x.Policy),
		slog.Bool("cancelled", x.Outcome.Cancelled),
	)
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
