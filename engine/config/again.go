package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// errNotRegular is a file that was read well once and is now something that may never end, or never begin.
var errNotRegular = errors.New("it is no regular file, so it is not read again")

// Again tells why a file cannot be read again while the program runs, nil when it can: what waits for whoever
// fills a pipe answers no signal meanwhile. At the start anything may be read, from a shell's <(...) too.
func Again(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	return err
}

// ReadAgain reads a file of the configuration while the program runs. It never waits.
func ReadAgain(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // else opening a pipe waits for its writer
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, &fs.PathError{Op: "read", Path: path, Err: errNotRegular})
	}
	return io.ReadAll(f)
}
