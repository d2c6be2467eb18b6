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

	"github.com/google/renameio/v2"
)

// CheckFolder makes dir if need be and tries whether files can be written there, so that a run
// does not find out at its end.
func CheckFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export folder %s: %w; choose another with --export DIR, or --no-export", dir, err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("export folder %s cannot be written: %w; choose another with --export DIR, or --no-export", dir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// WriteRun writes the run summary's files into a new folder below dir, named after the time, and
// returns the folder. Each file appears under its name only when it is whole.
func WriteRun(dir string, at time.Time, r Run) (string, error) {
	folder, err := newFolder(dir, at)
	if err != nil {
		return "", err
	}
	files := []struct {
		name  string
		write func(io.Writer, Run) error
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
	if err := renameio.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// newFolder makes dir/20060102-150405, with -2, -3... where that exists already.
func newFolder(dir string, at time.Time) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
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
