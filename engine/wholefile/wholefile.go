// Package wholefile writes files that appear under their names only when they are whole: whoever reads one finds
// that of before or the new one, also after a crash. Each kind of system has the library that knows its ways.
//
// It follows no link, and starts no goroutine.
package wholefile

import (
	"errors"
	"io/fs"
	"os"
)

// Write replaces the file at path, or makes it, with data. A new file has the permissions perm, as far as the
// system has such; its folder must exist. On an error the file of before is as it was.
func Write(path string, data []byte, perm fs.FileMode) error { return write(path, data, perm) }

// Rewrite is Write, but that a file which exists keeps its permissions.
func Rewrite(path string, data []byte, perm fs.FileMode) error { return rewrite(path, data, perm) }

// Probe tries whether a file can be made in dir, so that a run does not find out at its end.
func Probe(dir string) error {
	f, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
