package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/strictyaml"
	"slbtui/routing"
)

// decode reads node into v, which path names; pattern is the path with "[]" for every index.
// What cannot be read is reported and leaves v as it was. Its depth is that of Config, and aliases
// are refused, so no file costs more than its length.
func (l *loader) decode(node *yaml.Node, v reflect.Value, path, pattern string) {
	switch {
	case node.Kind == yaml.AliasNode:
		l.reject(node.Line, path, "an alias (write the value itself)")
	case v.Kind() == reflect.Struct:
		l.decodeStruct(node, v, path, pattern)
	case v.Kind() == reflect.Pointer:
		l.differs = append(l.differs, difference{l.layerNow, node, path, v}) // from what is known at the end
	case v.Type() == reflect.TypeFor[map[string]string]():
		l.decodeHeaders(node, v, path, pattern)
	case v.Kind() == reflect.Map:
		l.decodePolicies(node, path)
	case v.Kind() == reflect.Slice:
		l.decodeList(node, v, path, pattern)
	default:
		l.decodeLeaf(node, v, path, l.rules[pattern])
	}
}

// decodeStruct merges by key. A section with nothing in it (all its keys commented out) says nothing.
func (l *loader) decodeStruct(node *yaml.Node, v reflect.Value, path, pattern string) {
	if strictyaml.IsNull(node) && path != "" && !strings.HasSuffix(path, "]") {
		return
	}
	known := map[string]reflect.Value{}
	for key, field := range fields(v) {
		known[key] = field
	}
	for f, problem := range strictyaml.Mapping(node, path, keysOf(v.Type())) {
		if problem != nil {
			l.report(problem)
			continue
		}
		l.decode(f.Value, known[f.Key], f.Path, strictyaml.Join(pattern, f.Key))
	}
}

// decodeList replaces the whole list. A server starts from the defaults of one.
func (l *loader) decodeList(node *yaml.Node, v reflect.Value, path, pattern string) {
	items, problem := strictyaml.List(node, path)
	if problem != nil {
		l.report(problem)
		return
	}
	forget(l.origins, path)
	l.differs = slices.DeleteFunc(l.differs, func(d difference) bool { return strings.HasPrefix(d.path, path+"[") })
	l.record(node.Line, path, nil)
	list := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		l.record(item.Line, item.Path, nil)
		l.decode(item.Value, list.Index(i), item.Path, pattern+"[]")
		if s, ok := list.Index(i).Addr().Interface().(*Server); ok {
			l.completeServer(s, item.Path)
		}
	}
	v.Set(list)
}

// completeServer fills in what the file left out: all of it for a simulated server, the weight alone
// for one that runs elsewhere.
func (l *loader) completeServer(s *Server, path string) {
	def := SimulatedServer()
	if s.URL != "" {
		def = Server{Weight: def.Weight}
	}
	from := reflect.ValueOf(def)
	to := reflect.ValueOf(s).Elem()
	for i := range from.NumField() {
		key, _, _ := strings.Cut(from.Type().Field(i).Tag.Get("yaml"), ",")
		if key == "-" {
			continue
		}
		at := strictyaml.Join(path, key)
		if _, set := l.origins[at]; !set {
			to.Field(i).Set(from.Field(i))
			l.origins[at] = origin{source: -1, value: from.Field(i).Interface()}
		}
	}
}

func (l *loader) decodeLeaf(node *yaml.Node, v reflect.Value, path string, r rule) {
	fail := func(format string, args ...any) { l.reject(node.Line, path, fmt.Sprintf(format, args...)) }
	if strictyaml.IsNull(node) {
		fail("no value: it must be %s (%s)", r.is, r.allowed)
		return
	}
	value, err := scalar(node, v.Type())
	if err != nil {
		fail("%s is not %s (%s%s)", strictyaml.Describe(node), r.is, r.allowed, hint(node, v.Type()))
		return
	}
	v.Set(reflect.ValueOf(value).Convert(v.Type())) // a text may have a type of its own
	l.record(node.Line, path, v.Interface())
}

// scalar reads a node as a value of type t, without the conversions that YAML libraries offer: a
// text that looks like a number must be quoted, a number must not, a duration has a unit.
func scalar(node *yaml.Node, t reflect.Type) (any, error) {
	mismatch := fmt.Errorf("%s is no %s", node.Tag, t)
	if node.Kind != yaml.ScalarNode {
		return nil, mismatch
	}
	tag := node.ShortTag()
	switch {
	case t == reflect.TypeFor[time.Duration]() && tag == "!!str":
		return time.ParseDuration(node.Value)
	case t == reflect.TypeFor[time.Duration]():
		return nil, mismatch
	case t.Kind() == reflect.String && tag == "!!str", numbered(t) && tag == "!!int":
		return node.Value, nil
	case t.Kind() == reflect.Bool && tag == "!!bool":
		var b bool
		err := node.Decode(&b)
		return b, err
	case t.Kind() == reflect.Int && tag == "!!int":
		var n int
		err := node.Decode(&n)
		return n, err
	case t.Kind() == reflect.Float64 && (tag == "!!int" || tag == "!!float"):
		var x float64
		if err := node.Decode(&x); err != nil {
			return nil, err
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, mismatch
		}
		return x, nil
	}
	return nil, mismatch
}

// numbered tells whether texts of type t may be numbers, too.
func numbered(t reflect.Type) bool {
	return t == reflect.TypeFor[routing.StatusRange]() || t == reflect.TypeFor[PortName]()
}

// hint helps where the value was meant well.
func hint(node *yaml.Node, t reflect.Type) string {
	tag := node.ShortTag()
	number := tag == "!!int" || tag == "!!float"
	switch {
	case node.Kind != yaml.ScalarNode:
		return ""
	case t.Kind() == reflect.String:
		return `; put it in quotes`
	case t != reflect.TypeFor[time.Duration]() && !number && node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return "; without quotes"
	}
	return ""
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for key := range fields(reflect.New(t).Elem()) {
		keys = append(keys, key)
	}
	return keys
}
