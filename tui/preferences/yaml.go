package preferences

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const heading = `# What the console of slbtui remembers. It writes this file when you change one of these there;
# flags of the command line win. Delete a line, or the file, for the default.
`

// format writes the preferences in the order in which they are known.
func format(values map[string]string, known []Preference) []byte {
	var b bytes.Buffer
	b.WriteString(heading)
	for _, p := range known {
		if v, ok := values[p.Name]; ok {
			fmt.Fprintf(&b, "%s: %q\n", p.Name, v)
		}
	}
	return b.Bytes()
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// parse reads what format writes, and what people make of it. Errors begin with path:line.
func parse(path string, data []byte, known []Preference) (map[string]string, error) {
	values := map[string]string{}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		line, text := "1", err.Error()
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			text = strings.TrimPrefix(text, m[0])
			if m[1] != "" {
				line = m[1]
			}
		}
		return nil, fmt.Errorf("%s:%s: not YAML: %s", path, line, text)
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" { // empty, or comments only
		return values, nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: want lines such as theme: light", path, top.Line)
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		name, value := top.Content[i], top.Content[i+1]
		if err := check(name, value, known); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, name.Line, err)
		}
		values[name.Value] = value.Value
	}
	return values, nil
}

// check allows the names and values that are known.
func check(name, value *yaml.Node, known []Preference) error {
	i := slices.IndexFunc(known, func(p Preference) bool { return p.Name == name.Value })
	if i < 0 {
		var names []string
		for _, p := range known {
			names = append(names, p.Name)
		}
		return fmt.Errorf("%q is no preference; there is %s", name.Value, strings.Join(names, ", "))
	}
	if value.Kind != yaml.ScalarNode || !known[i].Allows(value.Value) {
		of := "one"
		if known[i].Choice == Some {
			of = "some"
		}
		return fmt.Errorf("%s: %q is not %s of %s", name.Value, value.Value, of, strings.Join(known[i].Values, ", "))
	}
	return nil
}
