package engine

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

	"github.com/google/renameio/v2"

	"slbtui/routing/policy"
)

const (
	learnedFormat   = "slbtui/learned"
	learnedVersion  = 1
	maxLearnedBytes = 1 << 30 // the largest tables, of a hundred servers, take about a third of it
)

// learnedFile is the file of the learned tables: JSON, every number exact. Each learner's table is in
// the learner's own format, which has a version of its own.
type learnedFile struct {
	Format   string         `json:"format"`
	Version  int            `json:"version"`
	Servers  []string       `json:"servers"` // whose tables these are, in the order of the configuration
	Learners []learnedTable `json:"learners"`
}

type learnedTable struct {
	Name  string          `json:"name"`
	Table json.RawMessage `json:"table"`
}

// learnedStore is where a run's learned tables come from and go to.
type learnedStore struct {
	path    string
	servers []string
}

// load hands each learner its table of the file. A learner without one, and every learner when there
// is no file yet, starts empty; found tells which. An error leaves the file as it is, and the run that
// wanted it must not go on: it would end by overwriting it.
func (s learnedStore) load(learners []policy.Learner) (found bool, err error) {
	if found, err = s.read(learners); err != nil {
		return false, fmt.Errorf("learned tables %s: %w; mend it, move it away, or choose another file with --learned", s.path, err)
	}
	if err := probe(filepath.Dir(s.path)); err != nil {
		return false, fmt.Errorf("learned tables %s could not be saved at the end: %w; choose another file with --learned", s.path, err)
	}
	return found, nil
}

func (s learnedStore) read(learners []policy.Learner) (found bool, err error) {
	data, err := readRegular(s.path, maxLearnedBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.decode(data, learners)
}

func (s learnedStore) decode(data []byte, learners []policy.Learner) error {
	var file learnedFile
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("not a file of learned tables, or damaged: %w", err)
	}
	if err := file.check(s.servers); err != nil {
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
		if err := l.Load(bytes.NewReader(t.Table), s.servers); err != nil {
			return fmt.Errorf("the table of %s: %w", t.Name, err)
		}
	}
	return nil
}

func (f learnedFile) check(servers []string) error {
	if f.Format != learnedFormat || f.Version != learnedVersion {
		return fmt.Errorf("it has format %q, version %d; this program reads %q, version %d", f.Format, f.Version, learnedFormat, learnedVersion)
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

// save writes the tables of all learners. The file appears under its name only when it is whole.
func (s learnedStore) save(learners []policy.Learner) error {
	data, err := s.encode(learners)
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	path := s.path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a link stays one: what it points to is replaced
	}
	if err := renameio.WriteFile(path, data, 0o644, renameio.WithExistingPermissions()); err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return nil
}

func (s learnedStore) encode(learners []policy.Learner) ([]byte, error) {
	file := learnedFile{Format: learnedFormat, Version: learnedVersion, Servers: s.servers, Learners: []learnedTable{}}
	for _, l := range learners {
		p, ok := l.(policy.Persistent)
		if !ok {
			continue
		}
		var table bytes.Buffer
		if err := p.Save(&table, s.servers); err != nil {
			return nil, err
		}
		file.Learners = append(file.Learners, learnedTable{l.Name(), table.Bytes()})
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

// probe tries whether a file can be made in dir, so that a run does not find out at its end.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".learned-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// loadLearned takes what earlier runs learned from Options.Learned, if there is such a file.
func (e *Engine) loadLearned() error {
	if e.opts.Learned == "" {
		return nil
	}
	servers := make([]string, len(e.cfg.Servers))
	for i, s := range e.cfg.Servers {
		servers[i] = s.ID
	}
	e.learned = &learnedStore{path: e.opts.Learned, servers: servers}
	found, err := e.learned.load(e.policies.learners)
	if err != nil {
		return err
	}
	text := "nothing learned yet: " + e.opts.Learned + " will be made at the end"
	if found {
		text = "loaded learned tables from " + e.opts.Learned
		for _, l := range e.policies.learners {
			text += fmt.Sprintf(", %s %d updates", l.Name(), updates(l))
		}
	}
	e.event("engine", "", text)
	return nil
}

// saveLearned keeps what was learned for the next run.
func (e *Engine) saveLearned() error {
	if e.learned == nil {
		return nil
	}
	e.sampleMu.Lock() // no new configuration in between
	store, learners := *e.learned, e.policies.learners
	e.sampleMu.Unlock()
	if err := store.save(learners); err != nil {
		return err
	}
	e.event("engine", "", "saved learned tables to "+store.path)
	return nil
}
