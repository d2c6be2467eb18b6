package token

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"slbtui/engine/config"
)

const maxFile = 1 << 20 // bytes; some ten thousand tokens

// entry is a line of the file.
type entry struct {
	Holder
	sum [sha256.Size]byte
}

// Book knows the tokens of a file. It is safe for concurrent use.
type Book struct {
	path    string
	entries atomic.Pointer[[]entry]
}

// Open reads a file of tokens. Each line is ROLE NAME SHA256; empty ones and those that begin with # say nothing.
func Open(path string) (*Book, error) {
	b := &Book{path: path}
	return b, b.load(os.ReadFile)
}

// Reread reads the file again. On an error the tokens of before stay.
func (b *Book) Reread() error { return b.load(config.ReadAgain) }

func (b *Book) load(read func(string) ([]byte, error)) error {
	text, err := read(b.path)
	if err != nil {
		return err
	}
	entries, err := parse(b.path, text)
	if err != nil {
		return err
	}
	b.entries.Store(&entries)
	return nil
}

// Who tells who holds a token, with the role Nobody when none does. It takes as long for a wrong one as for a right one.
func (b *Book) Who(token string) Holder {
	sum := sha256.Sum256([]byte(token))
	var found Holder
	for _, e := range *b.entries.Load() { // all of them, whatever is found
		if subtle.ConstantTimeCompare(sum[:], e.sum[:]) == 1 {
			found = e.Holder
		}
	}
	return found
}

func parse(name string, text []byte) ([]entry, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, maxFile)
	}
	var all []entry
	seen := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxFile)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		e, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
		if before, twice := seen[e.Name]; twice {
			return nil, fmt.Errorf("%s:%d: %s has a token already, in line %d", name, number, e.Name, before)
		}
		seen[e.Name] = number
		all = append(all, e)
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no token in it; slbtui token ROLE NAME makes one and its line", name)
	}
	return all, nil
}

func parseLine(line string) (e entry, err error) {
	words := strings.Fields(line)
	if len(words) != 3 {
		return e, errors.New("want ROLE NAME SHA256, as slbtui token prints it")
	}
	if e.Role, err = ParseRole(words[0]); err != nil {
		return e, err
	}
	if err := CheckName(words[1]); err != nil {
		return e, err
	}
	e.Name = words[1]
	sum, err := hex.DecodeString(words[2])
	if err != nil || len(sum) != len(e.sum) {
		return e, errors.New("the third word is no SHA-256 in hexadecimal") // and not shown: it may be the token itself
	}
	copy(e.sum[:], sum)
	return e, nil
}
