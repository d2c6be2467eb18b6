//go:build !unix

package wholefile

import (
	"io/fs"
	"os"

	"github.com/moby/sys/atomicwriter"
)

func write(path string, data []byte, perm fs.FileMode) error {
	return atomicwriter.WriteFile(path, data, perm)
}

func rewrite(path string, data []byte, perm fs.FileMode) error {
	if info, err := os.Stat(path); err == nil {
		perm = info.Mode().Perm()
	}
	return write(path, data, perm)
}
