// Package learned is the file in which learned tables outlive a run. It never decides what is learned, or
// when it is kept, and has no goroutine.
package learned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"slbtui/engine/wholefile"
	"slbtui/routing/policy"
)

const (
	format  = "slbtui/learned"
	version = 1
)

// MaxBytes is how large a file may be: the largest tables, of a hundred servers, take about a third of it.
const MaxBytes = 1 << 30

// file is the file of the learned tables: JSON, every number exact. Each learner's table is in
// the learner's own format, which has a version of its own.
type file struct {
	Format   string         `json:"format"`
	Version  int            `json:"version"`
	Servers  []string       `json:"servers"` // whose tables these are, in the order of the configuration
	Learners []learnerTable `json:"learners"`
}

type learnerTable struct {
	Name  string          `json:"name"`
	Table json.RawMessage `json:"table"`
}

// Store is where a run's learned tables come from and go to.
type Store struct {
	Path    string
	Servers []string // ids, in the order of the configuration
}

// Load hands each learner its table of the file. A learner without one, and every learner when there
// is no file yet, starts empty; found tells which. An error leaves the file as it is, and the run that
// wanted it must not go on: it would end by overwriting it.
func (s Store) Load(learners []policy.Learner) (found bool, err error) {
	if found, err = s.read(learners); err != nil {
		return false, fmt.Errorf("learned tables %s: %w; mend it, move it away, or choose another file with --learned", s.Path, err)
	}
	if err := wholefile.Probe(filepath.Dir(s.Path)); err != nil {
		return false, fmt.Errorf("learned tables %s could not be saved at the end: %w; choose another file with --learned", s.Path, err)
	}
	return found, nil
}

func (s Store) read(learners []policy.Learner) (found bool, err error) {
	data, err := readRegular(s.Path, MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.decode(data, learners)
}

func (s Store) decode(data []byte, learners []policy.Learner) error {
	var file file
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("not a file of learned tables, or damaged: %w", err)
	}
	if err := file.check(s.Servers); err != nil {
		return err
	}
	for _, t := range file.Learners {
		i := slices.IndexFunc(learners, func(l policy.Learner) bool { return l.Name() == t.Name })
		if i < 0 {
			return fmt.Errorf("it holds a table of %q, which is no learner of this program", t.Name)
		}
		l, ok := learners[i].(policy.Persistent)
		if !ok {
			return fmt.Errorf("it holds a table of %s, which can't be loaded", t.Name)
		}
		if err := l.Load(bytes.NewReader(t.Table), s.Servers); err != nil {
			return fmt.Errorf("the table of %s: %w", t.Name, err)
		}
	}
	return nil
}

func (f file) check(servers []string) error {
	if f.Format != format || f.Version != version {
		return fmt.Errorf("it has format %q, version %d; this program reads %q, version %d", f.Format, f.Version, format, version)
	}
	if !slices.Equal(f.Servers, servers) {
		return fmt.Errorf("it was learned on servers %s, this run has %s: they must be the same, in the same order",
			strings.Join(f.Servers, ", "), strings.Join(servers, ", "))
	}
	if f.Learners == nil {
		return errors.New("damaged: it has no learners")
	}
	seen := map[string]bool{}
	for _, t := range f.Learners {
		if seen[t.Name] {
			return fmt.Errorf("damaged: it holds two tables of %s", t.Name)
		}
		seen[t.Name] = true
	}
	return nil
}

// Save writes the tables of all learners. The file appears under its name only when it is whole.
func (s Store) Save(learners []policy.Learner) error {
	data, err := s.encode(learners)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Path, err)
	}
	path := s.Path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays one: what it points to is replaced
	}
	if err := wholefile.Rewrite(path, data, 0o644); err != nil {
		return fmt.Errorf("%s: %w", s.Path, err)
	}
	return nil
}

func (s Store) encode(learners []policy.Learner) ([]byte, error) {
	file := file{Format: format, Version: version, Servers: s.Servers, Learners: []learnerTable{}}
	for _, l := range learners {
		p, ok := l.(policy.Persistent)
		if !ok {
			continue
		}
		var table bytes.Buffer
		if err := p.Save(&table, s.Servers); err != nil {
			return nil, err
		}
		file.Learners = append(file.Learners, learnerTable{l.Name(), table.Bytes()})
	}
	data, err := json.Marshal(file)
	return append(data, '\n'), err
}

// readRegular reads a file that is one (a pipe or a device might never end) and not above limit bytes.
func readRegular(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%d bytes: larger than learned tables can be (%d)", info.Size(), limit)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, limit))
}
