package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxSourceBytes bounds what is read of a configuration file: nobody writes a mebibyte by hand.
const maxSourceBytes = 1 << 20

// Source is the text of one configuration layer.
type Source struct {
	Name string // "config.yaml" or a path: used in errors
	Data []byte
}

// ReadSource reads a configuration file of at most 1 MiB. It does not look into it: Load does.
func ReadSource(path string) (Source, error) {
	fail := func(err error) (Source, error) {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err // the path is named already
		}
		return Source{}, fmt.Errorf("read configuration %q: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	defer func() { _ = f.Close() }() // only read from
	data, err := io.ReadAll(io.LimitReader(f, maxSourceBytes+1))
	if err != nil {
		return fail(err)
	}
	if len(data) > maxSourceBytes {
		return fail(errors.New("larger than 1 MiB: is it a configuration file?"))
	}
	return Source{Name: path, Data: data}, nil
}
