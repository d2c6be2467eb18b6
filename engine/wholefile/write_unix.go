//go:build unix

package wholefile

import (
	"io/fs"

	"github.com/google/renameio/v2"
)

func write(path string, data []byte, perm fs.FileMode) error {
	return renameio.WriteFile(path, data, perm)
}

func rewrite(path string, data []byte, perm fs.FileMode) error {
	return renameio.WriteFile(path, data, perm, renameio.WithExistingPermissions())
}
