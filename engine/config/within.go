package config

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// within returns what finds a place in a text, by line and column from 1, in the file that the text of node comes
// from. It finds none where YAML has put the text together from several lines, or from escapes.
func within(data []byte, node *yaml.Node) func(line, column int) (fileLine, fileColumn int, ok bool) {
	return func(line, column int) (int, int, bool) {
		lines := bytes.Split(data, []byte("\n"))
		texts := strings.Split(node.Value, "\n")
		at := node.Line + line - 1
		if node.Style&yaml.LiteralStyle != 0 {
			at++ // after the line of the |
		} else if len(texts) > 1 {
			return 0, 0, false
		}
		if line > len(texts) || at > len(lines) {
			return 0, 0, false
		}
		from := 0
		if node.Style&yaml.LiteralStyle == 0 {
			from = node.Column - 1
		}
		there := []rune(string(lines[at-1]))
		if from > len(there) {
			return 0, 0, false
		}
		before, _, found := strings.Cut(string(there[from:]), texts[line-1])
		if !found || strings.Trim(before, " '\"") != "" { // indentation or a quote may come before it
			return 0, 0, false
		}
		return at, from + len(before) + column, true
	}
}
