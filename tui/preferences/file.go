// Package preferences keeps what the console's user prefers, from one run to the next, in a small
// YAML file of the user's. It starts no goroutine. A file that cannot be read or understood is never
// in the way: the defaults hold, and the file stays as it is until the user changes something.
package preferences

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"slbtui/engine/wholefile"
)

const maxBytes = 64 << 10 // of a file that holds a handful of words

// Preference is something that can be kept from one run to the next: its name, and the values that it can
// have.
type Preference struct {
	Name   string
	Values []string
	Choice Choice
}

// Choice is how many of its values a preference has at a time.
type Choice int

// The choices.
const (
	One  Choice = iota
	Some        // any number, also none, parted by blanks
)

// Allows tells whether the preference can be value.
func (p *Preference) Allows(value string) bool {
	if p.Choice == One {
		return slices.Contains(p.Values, value)
	}
	for word := range strings.FieldsSeq(value) {
		if !slices.Contains(p.Values, word) {
			return false
		}
	}
	return true
}

// File is the preferences of one user. It is safe for concurrent use. Where two consoles run at
// once, the one that changes something last wins.
type File struct {
	path  string
	known []Preference

	mu      sync.Mutex
	values  map[string]string // by name
	unsaved bool
	damaged bool // what lies at path was not understood
}

// Path is where the preferences of this user lie: slbtui/preferences.yaml in the folder for
// configuration ($XDG_CONFIG_HOME, or ~/.config, or what the system has instead).
func Path() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("preferences are not kept: %w", err)
	}
	return filepath.Join(dir, "slbtui", "preferences.yaml"), nil
}

// Open reads the preferences at path, of those that are known; there need not be any. The File can be used even if there is
// an error, which names the file, the line, and what is wrong: then there are no preferences yet.
func Open(path string, known []Preference) (*File, error) {
	f := &File{path: path, known: known, values: map[string]string{}}
	data, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		f.values, err = parse(path, data, known)
	}
	if err != nil {
		f.values, f.damaged = map[string]string{}, true
	}
	return f, err
}

// read reads a file of reasonable size; it would wait for ever for a pipe's.
func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		err = fmt.Errorf("%s: larger than %d KB", path, maxBytes>>10)
	}
	return data, err
}

// Values are the preferences by name; those that the user has none of are missing.
func (f *File) Values() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.values)
}

// Keep notes a preference for the next Save.
func (f *File) Keep(name, value string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.values[name] != value {
		f.values[name], f.unsaved = value, true
	}
}

// Save writes what was noted since the last one, whole or not at all. A file that was not understood
// is set aside as .bak before.
func (f *File) Save() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.unsaved {
		return nil
	}
	if err := f.write(); err != nil {
		return fmt.Errorf("preferences are not kept: %w (--no-preferences does without)", err)
	}
	f.unsaved, f.damaged = false, false
	return nil
}

func (f *File) write() error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	if f.damaged {
		if err := os.Rename(f.path, f.path+".bak"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	target := f.path
	if real, err := filepath.EvalSymlinks(target); err == nil {
		target = real // a link into a folder of dotfiles stays one
	}
	return wholefile.Write(target, format(f.values, f.known), 0o600)
}
