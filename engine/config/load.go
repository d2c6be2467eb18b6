package config

import (
	"reflect"
	"strings"

	"slbtui/engine/strictyaml"
)

// Load reads configuration layers in order onto the defaults; later ones override earlier ones, key
// by key, but a list of servers replaces the list. The first source is usually the built-in one.
//
// It is strict. The error has a line per problem, `file:line: key path: problem (what is allowed)`,
// in the order of sources and lines, and names all problems that can be told at once. Ranges are
// checked on the merged result, so a value that a later source overrides may be anything of its type.
func Load(sources ...Source) (Config, error) {
	l := loader{cfg: Default(), rules: rules(), origins: map[string]origin{}, rejected: map[string]bool{}}
	l.source = -1 // a default
	l.recordDefaults("", reflect.ValueOf(l.cfg))
	for i, s := range sources {
		l.layerNow = layerNow{i, s.Name, s.Data}
		l.layer(s.Data)
	}
	l.ownHealth()
	l.foundServers()
	l.cfg.origins = l.origins
	l.cfg.readNetwork()
	for _, p := range l.cfg.problems(l.rules) {
		parent := p.Path[:max(0, strings.LastIndexByte(p.Path, '.'))]
		if !l.rejected[p.Path] && (parent == "" || !l.rejected[parent]) { // else it is said already
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
	differs  []difference
	layerNow
}

// layerNow is the source that is read.
type layerNow struct {
	source int
	name   string
	data   []byte
}

func (l *loader) layer(data []byte) {
	top, problem := strictyaml.Root(data)
	if problem != nil {
		l.report(problem)
	}
	switch {
	case top == nil:
	case strictyaml.IsNull(top):
		l.reject(top.Line, "", "no settings in it ("+strictyaml.Allowed(keysOf(reflect.TypeFor[Config]()))+")")
	default:
		l.decode(top, reflect.ValueOf(&l.cfg).Elem(), "", "")
	}
}

func (l *loader) reject(line int, path, text string) {
	l.report(&strictyaml.Problem{Line: line, Path: path, Text: text})
}

func (l *loader) report(p *strictyaml.Problem) {
	l.rejected[p.Path] = true
	l.problems = append(l.problems, problem{source: l.source, name: l.name, Problem: *p})
}

func (l *loader) recordDefaults(path string, v reflect.Value) {
	walk(v, path, func(p string, v reflect.Value) { l.origins[p] = origin{source: -1, value: v.Interface()} })
}

func (l *loader) record(line int, path string, value any) {
	l.origins[path] = origin{source: l.source, name: l.name, line: line, value: value}
}
