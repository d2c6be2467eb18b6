package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"slbtui/engine/summary"
	"slbtui/engine/wholefile"
)

// writeDeadline is how long a disk may take for one file. The time to draw what is in it does not count: that
// is ours, and much longer on a busy machine.
const writeDeadline = 20 * time.Second

// CheckFolder makes dir if need be and tries whether files can be written there, so that a run
// does not find out at its end.
func CheckFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export folder %s: %w; choose another with --export DIR, or --no-export", dir, err)
	}
	if err := wholefile.Probe(dir); err != nil {
		return fmt.Errorf("export folder %s cannot be written: %w; choose another with --export DIR, or --no-export", dir, err)
	}
	return nil
}

// WriteRun writes the run summary's files into a new folder below dir, named after the time, and
// returns the folder. Each file appears under its name only when it is whole. A disk that no longer answers
// is an error after 20 s.
func WriteRun(dir string, at time.Time, r summary.Run) (string, error) {
	folder, err := newFolder(dir, at)
	if err != nil {
		return "", err
	}
	files := []struct {
		name  string
		write func(io.Writer, summary.Run) error
	}{
		{"run_summary.json", RunJSON},
		{"run_summary.md", RunMarkdown},
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(folder, f.name), func(w io.Writer) error { return f.write(w, r) }); err != nil {
			return folder, err
		}
	}
	return folder, WriteComparisonFiles(folder, Session(r))
}

func writeFile(path string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := inTime(func() error { return wholefile.Write(path, b.Bytes(), 0o644) }); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// inTime returns what f does, or an error when that takes longer than a disk may; f is then left behind.
func inTime(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(writeDeadline):
		return fmt.Errorf("no answer from the disk within %v; choose another with --export DIR", writeDeadline)
	}
}

// newFolder makes dir/20060102-150405, with -2, -3... where that exists already.
func newFolder(dir string, at time.Time) (string, error) {
	if err := inTime(func() error { return os.MkdirAll(dir, 0o755) }); err != nil {
		return "", fmt.Errorf("export folder %s: %w", dir, err)
	}
	base := filepath.Join(dir, at.Format("20060102-150405"))
	folder := base
	for n := 2; ; n++ {
		err := os.Mkdir(folder, 0o755)
		if err == nil {
			return folder, nil
		}
		if !errors.Is(err, fs.ErrExist) || n > 1000 {
			return "", fmt.Errorf("export folder %s: %w", folder, err)
		}
		folder = fmt.Sprintf("%s-%d", base, n)
	}
}
