package logs

import (
	"bytes"
	"fmt"
	"strings"
)

// pattern is a line as a balancer's own format string says it: what stands between literals.
type pattern struct {
	pieces []piece
	tail   []byte // behind the last value
	// collapses: a run of blanks is written as one, so that what is empty leaves nothing (HAProxy).
	collapses bool
}

// piece is a value and the literal before it.
type piece struct {
	before []byte
	at     int // index of the value; -1 for one that nobody asks for
	kind   kind
}

// kind is how the end of a value is told.
type kind uint8

const (
	plain   kind = iota // where the next literal begins
	listed              // the same, but for commas: a value for each attempt
	inside              // in double quotes, which are its own
	braced              // in braces, or not there at all
	without             // nothing is written
)

// variable says of a name in a format string how it is written, and which value it is.
type variable func(name string) (at int, k kind)

// most a format string may have of variables.
const mostPieces = 200

// add appends a value; its name is for the error.
func (p *pattern) add(literal string, name string, of variable) error {
	at, k := of(name)
	switch n := len(p.pieces); {
	case k == without:
		p.tail = []byte(literal)
		return nil
	case n == mostPieces:
		return fmt.Errorf("more than %d variables", mostPieces)
	case n > 0 && literal == "" && p.pieces[n-1].kind != inside && p.pieces[n-1].kind != braced:
		return fmt.Errorf("nothing stands between %s and what is before it: no line could be read", name)
	}
	p.pieces = append(p.pieces, piece{[]byte(literal), at, k})
	p.tail = nil
	return nil
}

// match cuts a line; values are by index, nil where the string does not have one.
func (p *pattern) match(line []byte, values [][]byte) bool {
	clear(values)
	rest, empty := line, p.collapses // at the beginning a blank is none
	for i := range p.pieces {
		var ok bool
		if rest, ok = p.skip(rest, p.pieces[i].before, empty); !ok {
			return false
		}
		var v []byte
		if v, rest, ok = p.value(rest, i); !ok {
			return false
		}
		if empty = len(v) == 0; p.pieces[i].at >= 0 {
			values[p.pieces[i].at] = v
		}
	}
	rest, ok := p.skip(rest, bytes.TrimRight(p.tail, " "), empty)
	return ok && len(bytes.TrimSpace(rest)) == 0
}

// skip goes over a literal. Behind nothing its blanks may be missing where runs of them are one.
func (p *pattern) skip(rest, literal []byte, behindNothing bool) ([]byte, bool) {
	if !p.collapses {
		return bytes.CutPrefix(rest, literal)
	}
	for len(literal) > 0 && literal[0] == ' ' {
		literal = bytes.TrimLeft(literal, " ")
		trimmed := bytes.TrimLeft(rest, " ")
		if len(trimmed) == len(rest) && !behindNothing {
			return rest, false
		}
		rest = trimmed
	}
	return bytes.CutPrefix(rest, literal)
}

// value is that of piece i, and what follows.
func (p *pattern) value(rest []byte, i int) (v, after []byte, ok bool) {
	switch p.pieces[i].kind {
	case inside:
		if len(rest) == 0 || rest[0] != '"' {
			return nil, rest, false
		}
		f := fields{rest}
		v, ok = f.next()
		return v, f.rest, ok
	case braced:
		if len(rest) == 0 || rest[0] != '{' {
			return nil, rest, true
		}
		end := bytes.IndexByte(rest, '}')
		return rest[:max(0, end)], rest[end+1:], end > 0
	}
	literal := p.tail
	if i+1 < len(p.pieces) {
		literal = p.pieces[i+1].before
		if p.collapses && len(literal) > 1 && literal[0] == ' ' && p.pieces[i+1].kind == braced {
			literal = literal[:1]
		}
	}
	if len(literal) == 0 && i+1 < len(p.pieces) && p.pieces[i+1].kind == inside {
		literal = []byte{'"'}
	}
	if len(literal) == 0 {
		return bytes.TrimRight(rest, " "), nil, true
	}
	for from := 0; ; {
		j := bytes.Index(rest[from:], literal)
		if j < 0 {
			return nil, rest, false
		}
		j += from
		if literal[0] == '"' && escaped(rest[:j]) || p.pieces[i].kind == listed && goesOn(rest, j) {
			from = j + 1
			continue
		}
		return rest[:j], rest[j:], true
	}
}

// escaped tells whether an odd number of backslashes stand at the end.
func escaped(b []byte) bool { return (len(b)-len(bytes.TrimRight(b, `\`)))%2 == 1 }

// goesOn tells whether a list does, at a blank behind a comma or beside a colon.
func goesOn(b []byte, at int) bool {
	return b[at] == ' ' && (bytes.HasSuffix(b[:at], []byte(",")) || bytes.HasSuffix(b[:at], []byte(" :")) || bytes.HasPrefix(b[at:], []byte(" : ")))
}

// missing names what a format string must have, and has not.
func missing(flag string, what ...string) error {
	return fmt.Errorf("--log-format: the format string has no %s; it is needed to tell %s", strings.Join(what, ", and no "), flag)
}
