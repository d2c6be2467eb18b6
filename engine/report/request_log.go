package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// RequestLogName is the name of the CSV in a report's folder.
const RequestLogName = "request_logs.csv"

// RequestLog is the CSV file of a run. Unlike the other files it appears under its name from the
// start and grows: after a crash it holds every request up to the last whole line written, at most
// about a second before the end. Not safe for concurrent use.
type RequestLog struct {
	*RequestWriter
	file *os.File
}

// CreateRequestLog creates the CSV in a folder made by NewFolder. It never overwrites one.
func CreateRequestLog(folder string) (*RequestLog, error) {
	path := filepath.Join(folder, RequestLogName)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	w, err := NewRequestWriter(file)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, errors.Join(err, file.Close()))
	}
	return &RequestLog{RequestWriter: w, file: file}, nil
}

// Write adds a row; see RequestWriter. The error names the file.
func (l *RequestLog) Write(q Request) error {
	return l.named(l.RequestWriter.Write(q))
}

// Close writes what is left, to the disk itself, and closes the file.
func (l *RequestLog) Close() error {
	return l.named(errors.Join(l.Flush(), l.file.Sync(), l.file.Close()))
}

func (l *RequestLog) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write %s: %w", l.file.Name(), err)
}
