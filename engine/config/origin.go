package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"slbtui/engine/strictyaml"
)

// origin says what set a value. The value is kept so that one changed later (by a flag) is not
// blamed on the file.
type origin struct {
	source int // index among the sources of Load, -1 for a default
	name   string
	line   int
	value  any
	within func(line, column int) (fileLine, fileColumn int, ok bool) // finds a place in a score; nil for other values
}

// Origin returns the source and line that set the value at a key path such as "servers[1].port".
// It is not ok when the value is a default, was changed since Load, or has no such path.
func (c Config) Origin(path string) (name string, line int, ok bool) {
	o, found := c.origins[path]
	if !found || o.source < 0 || o.value != c.value(path) {
		return "", 0, false
	}
	return o.name, o.line, true
}

// BuiltIn tells whether the value at a key path is the first source's or a default, and not the
// user's: not of a later source, nor changed since Load. In a Config that Load did not make, all is.
func (c Config) BuiltIn(path string) bool {
	if c.origins == nil {
		return true
	}
	o, found := c.origins[path]
	return found && o.source <= 0 && o.value == c.value(path)
}

// Plain returns c without its memory of origins, so that Configs with equal settings are equal.
func (c Config) Plain() Config {
	c.origins = nil
	return c
}

// value returns the leaf at path, nil when there is none.
func (c Config) value(path string) any {
	v := reflect.ValueOf(c)
	for part := range strings.SplitSeq(path, ".") {
		key, number, indexed := strings.Cut(part, "[")
		if v = child(v, key); indexed && v.Kind() == reflect.Slice {
			i, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
			if err != nil || i < 0 || i >= v.Len() {
				return nil
			}
			v = v.Index(i)
		}
	}
	if k := v.Kind(); k == reflect.Invalid || k == reflect.Struct || k == reflect.Slice || k == reflect.Map || k == reflect.Pointer {
		return nil
	}
	return v.Interface()
}

// child returns the field of v under key, the zero Value when there is none.
func child(v reflect.Value, key string) reflect.Value {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Map {
		return v.MapIndex(reflect.ValueOf(key))
	}
	if v.Kind() == reflect.Struct {
		for k, field := range fields(v) {
			if k == key {
				return field
			}
		}
	}
	return reflect.Value{}
}

// walk visits every leaf below v, in order, with its key path.
func walk(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for key, field := range fields(v) {
			walk(field, strictyaml.Join(path, key), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), path, visit)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			walk(v.MapIndex(key), strictyaml.Join(path, key.String()), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		visit(path, v)
	}
}

// fields yields the configured fields of a struct under their YAML keys.
func fields(v reflect.Value) func(yield func(string, reflect.Value) bool) {
	return func(yield func(string, reflect.Value) bool) {
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if key != "" && key != "-" && !yield(key, v.Field(i)) {
				return
			}
		}
	}
}

// forget drops the origins of path and of everything below it.
func forget(origins map[string]origin, path string) {
	maps.DeleteFunc(origins, func(p string, _ origin) bool {
		return p == path || strings.HasPrefix(p, path+"[") || strings.HasPrefix(p, path+".")
	})
}
