package config

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Load reads configuration layers in order onto the defaults; later ones override earlier ones, key
// by key, but a list of servers replaces the list. The first source is usually the built-in one.
//
// It is strict. The error has a line per problem, `file:line: key path: problem (what is allowed)`,
// in the order of sources and lines, and names all problems that can be told at once. Ranges are
// checked on the merged result, so a value that a later source overrides may be anything of its type.
func Load(sources ...Source) (Config, error) {
	l := loader{cfg: Default(), rules: rules(), origins: map[string]origin{}, rejected: map[string]bool{}}
	l.source = -1
	l.recordDefaults("", reflect.ValueOf(l.cfg))
	for i, s := range sources {
		l.source, l.name = i, s.Name
		l.layer(s.Data)
	}
	l.cfg.origins = l.origins
	for _, p := range l.cfg.problems(l.rules) {
		parent := p.path[:max(0, strings.LastIndexByte(p.path, '.'))]
		if !l.rejected[p.path] && (parent == "" || !l.rejected[parent]) { // else it is said already
			l.problems = append(l.problems, p)
		}
	}
	if err := joinProblems(l.problems); err != nil {
		return Config{}, err
	}
	return l.cfg, nil
}

// loader is the state of one Load.
type loader struct {
	cfg      Config
	rules    map[string]rule
	origins  map[string]origin
	problems []problem
	rejected map[string]bool // paths whose value could not be read

	source int
	name   string
}

func (l *loader) layer(data []byte) {
	var root, second yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	switch err := dec.Decode(&root); {
	case errors.Is(err, io.EOF):
		l.reject(1, "", "no settings in it ("+allowedKeys(reflect.TypeFor[Config]())+")")
		return
	case err != nil:
		l.syntax(err)
		return
	}
	if err := dec.Decode(&second); err == nil {
		l.reject(second.Line, "", "a second YAML document (one per file)")
	} else if !errors.Is(err, io.EOF) {
		l.syntax(err)
	}
	if top := root.Content[0]; isNull(top) {
		l.reject(max(1, top.Line), "", "no settings in it ("+allowedKeys(reflect.TypeFor[Config]())+")")
	} else {
		l.decode(top, reflect.ValueOf(&l.cfg).Elem(), "", "")
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax reports an error of the YAML parser, which names the line in its text.
func (l *loader) syntax(err error) {
	text, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = strings.TrimPrefix(text, m[0])
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	l.reject(line, "", "not YAML: "+text)
}

func (l *loader) reject(line int, path, text string) {
	l.rejected[path] = true
	l.problems = append(l.problems, problem{source: l.source, name: l.name, line: line, path: path, text: text})
}

func (l *loader) recordDefaults(path string, v reflect.Value) {
	walk(v, path, func(p string, v reflect.Value) { l.origins[p] = origin{source: -1, value: v.Interface()} })
}

func (l *loader) record(line int, path string, value any) {
	l.origins[path] = origin{source: l.source, name: l.name, line: line, value: value}
}
