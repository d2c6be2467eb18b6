package score

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// MaxLength is how many bytes an expression may have.
const MaxLength = 1000

// Expression is a score that can be worked out. It holds no state: many policies may share it.
type Expression struct {
	text  string
	score func(*sight) float64
	reads []*variable // in the order of Variables
}

// Error says what is wrong with an expression, and where in it.
type Error struct {
	Line, Column int // from 1, in characters
	Text         string
}

// Error is the text with the place before it.
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Text) }

// Compile makes a score of an expression of at most MaxLength bytes. Its error is an *Error.
func Compile(text string) (*Expression, error) {
	if err := printable(text); err != nil {
		return nil, err
	}
	tree, err := parser.ParseWithConfig(text, noBuiltins())
	if bad := (*file.Error)(nil); errors.As(err, &bad) {
		return nil, &Error{bad.Line, bad.Column + 1, bad.Message}
	} else if err != nil {
		return nil, &Error{1, 1, err.Error()}
	}
	c := compiler{text: text, read: map[string]bool{}}
	score, err := c.number(tree.Node)
	if err != nil {
		return nil, err
	}
	e := &Expression{text: strings.Join(strings.Fields(text), " "), score: score}
	for i := range variables {
		if c.read[variables[i].Name] {
			e.reads = append(e.reads, &variables[i])
		}
	}
	return e, nil
}

// noBuiltins leaves the parser none of expr's own functions: they know lists, dates and much else.
func noBuiltins() *conf.Config {
	c := conf.CreateNew()
	clear(c.Builtins)
	for _, f := range builtin.Builtins {
		c.Disabled[f.Name] = true
	}
	return c
}

// printable fails where a text is empty or too long, or holds what an error or a screen could not show.
func printable(text string) error {
	switch at := strings.IndexFunc(text, func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsPrint(r) && r != '\n' && r != '\t'
	}); {
	case strings.TrimSpace(text) == "":
		return &Error{1, 1, "an empty expression"}
	case len(text) > MaxLength:
		return &Error{1, 1, fmt.Sprintf("%d bytes (at most %d)", len(text), MaxLength)}
	case at >= 0:
		return errorAt(text, utf8.RuneCountInString(text[:at]), "a character that cannot be printed")
	}
	return nil
}

// String is the expression on one line.
func (e *Expression) String() string { return e.text }

// Reads tells whether the expression reads any of the variables.
func (e *Expression) Reads(names ...string) bool {
	return slices.ContainsFunc(e.reads, func(v *variable) bool { return slices.Contains(names, v.Name) })
}

// measures tells whether it reads what only answers tell.
func (e *Expression) measures() bool {
	return slices.ContainsFunc(e.reads, func(v *variable) bool { return v.measured })
}

// errorAt is an Error at a place in text, given in characters from 0.
func errorAt(text string, from int, message string) *Error {
	e := &Error{Line: 1, Column: 1, Text: message}
	for i, r := range []rune(text) {
		if i == from {
			break
		}
		e.Column++
		if r == '\n' {
			e.Line, e.Column = e.Line+1, 1
		}
	}
	return e
}

// compiler turns a syntax tree into functions. Whatever it has no case for is refused.
type compiler struct {
	text  string
	read  map[string]bool // names of variables
	parts int             // compiled so far
}

func (c *compiler) fail(n ast.Node, format string, args ...any) error {
	return errorAt(c.text, n.Location().From, fmt.Sprintf(format, args...))
}
