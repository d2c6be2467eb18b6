// Package strictyaml is the strict part of reading YAML that people write: one document to a file,
// keys that exist and are given once, lists that are lists. Each problem has its line and the path of
// its key and says what is allowed. What a value must be is the business of its reader. It opens no
// file, keeps nothing, and costs no more than the file is long.
package strictyaml

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong with a document, or with what was read from it.
type Problem struct {
	Line int    // from 1; 0 when the document does not have it
	Path string // of the key, such as servers[1].port; "" for the document itself
	Text string // what is wrong, and what is allowed
}

// Error is the path and the text: who knows the file puts its name and the line before it.
func (p *Problem) Error() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// Root returns the top of the only document in data; IsNull of one that holds nothing, but comments
// perhaps. It is nil where data is no YAML. With the problem of a second document it returns the
// first all the same.
func Root(data []byte) (*yaml.Node, *Problem) {
	var first, second yaml.Node
	documents := yaml.NewDecoder(bytes.NewReader(data))
	switch err := documents.Decode(&first); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1}, nil
	case err != nil:
		return nil, syntax(err)
	}
	top := first.Content[0]
	top.Line = max(1, top.Line)
	if err := documents.Decode(&second); err == nil {
		return top, &Problem{Line: second.Line, Text: "a second YAML document (one per file)"}
	} else if !errors.Is(err, io.EOF) {
		return top, syntax(err)
	}
	return top, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax is the problem of the YAML parser, which names the line in its text.
func syntax(err error) *Problem {
	text, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = strings.TrimPrefix(text, m[0])
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	return &Problem{Line: line, Text: "not YAML: " + text}
}
