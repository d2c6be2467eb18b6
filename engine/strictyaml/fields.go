package strictyaml

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Field is a value in a mapping or a list.
type Field struct {
	Key   string // "" in a list
	Path  string // servers[1].port
	Line  int    // of the key, or of the item
	Value *yaml.Node
}

// Mapping yields the known keys of a mapping in the order of the document; path is the mapping's own.
// Whatever else is there is a problem: no mapping at all, an unknown key, one given twice.
func Mapping(node *yaml.Node, path string, known []string) iter.Seq2[Field, *Problem] {
	return func(yield func(Field, *Problem) bool) {
		if node.Kind != yaml.MappingNode {
			yield(Field{}, &Problem{node.Line, path, fmt.Sprintf("%s is not a mapping (%s)", Describe(node), Allowed(known))})
			return
		}
		seen := map[string]int{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			f := Field{Key: key.Value, Path: Join(path, keyText(key)), Line: key.Line, Value: value}
			var p *Problem
			switch {
			case key.Kind != yaml.ScalarNode || !slices.Contains(known, key.Value):
				p = &Problem{f.Line, f.Path, fmt.Sprintf("unknown key (%s%s)", Allowed(known), didYouMean(key.Value, known))}
			case seen[key.Value] > 0:
				p = &Problem{f.Line, f.Path, fmt.Sprintf("given twice (first on line %d)", seen[key.Value])}
			default:
				seen[key.Value] = key.Line
			}
			if !yield(f, p) {
				return
			}
		}
	}
}

// List returns the items of a list, whose own path is path.
func List(node *yaml.Node, path string) ([]Field, *Problem) {
	if node.Kind != yaml.SequenceNode {
		return nil, &Problem{node.Line, path, Describe(node) + " is not a list (items beginning with -)"}
	}
	items := make([]Field, len(node.Content))
	for i, item := range node.Content {
		items[i] = Field{Path: fmt.Sprintf("%s[%d]", path, i), Line: item.Line, Value: item}
	}
	return items, nil
}

// Join is the path of a key in the mapping at path.
func Join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Allowed lists the keys that a mapping may have.
func Allowed(known []string) string { return "allowed: " + strings.Join(known, ", ") }

// Describe shows a node as the user wrote it.
func Describe(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Kind == yaml.AliasNode:
		return "an alias"
	case IsNull(node):
		return "nothing"
	case node.ShortTag() == "!!str" || !plainKey(node.Value): // a tag of one's own lets any text be something else
		return fmt.Sprintf("%.60q", node.Value)
	default:
		return fmt.Sprintf("%.60s", node.Value)
	}
}

// IsNull tells whether a node says nothing: a key without a value, or ~.
func IsNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

func keyText(key *yaml.Node) string {
	if key.Kind != yaml.ScalarNode {
		return Describe(key)
	}
	if plainKey(key.Value) {
		return key.Value
	}
	return fmt.Sprintf("%.60q", key.Value)
}

func plainKey(s string) bool {
	return s != "" && len(s) <= 60 && !slices.ContainsFunc([]byte(s), func(b byte) bool { return b <= ' ' || b > '~' })
}
