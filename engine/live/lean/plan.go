package lean

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"slbtui/engine/live"
)

// secondsList is the list that all lists of one value a second go along with.
const secondsList = "seconds"

// plan says what becomes of each field of a struct.
type plan []fieldPlan

type fieldPlan struct {
	index int
	name  string // as JSON
	rule  rule
	with  string // the part that has to be asked for, "" for none
	keep  int    // the longest that the list gets
	key   int    // index of the items' field that orders them
	cuts  bool   // something below may be left out
	inner plan   // of the struct, of what a pointer leads to, or of the items of a list; nil where no tag is below
}

type rule int

const (
	always rule = iota
	static
	shape
	after
	from
	everySecond
)

// snapshots is the plan for live.Snapshot.
var snapshots = mustPlan(reflect.TypeFor[live.Snapshot]())

// mustPlan reads the tags of a struct. One that cannot be read is a mistake in this program.
func mustPlan(t reflect.Type) plan {
	var p plan
	tagged := false
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		f := fieldPlan{index: i, name: name}
		if tag, ok := field.Tag.Lookup("lean"); ok {
			tagged = true
			f.read(field, tag)
		}
		if under := structBelow(field.Type); under != nil && f.rule == always && f.with == "" && name != "" {
			f.inner = mustPlan(under)
		}
		tagged = tagged || f.inner != nil
		f.cuts = slices.ContainsFunc(f.inner, func(b fieldPlan) bool { return b.cuts || b.with != "" || b.rule != always && b.rule != shape })
		if name == "" && f.rule != always {
			panic(field.Name + ": a tag lean needs a name as JSON")
		}
		p = append(p, f)
	}
	if !tagged {
		return nil
	}
	return p
}

// structBelow is the struct that a type is, points to or lists; nil where there is none.
func structBelow(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() == reflect.Struct && t.NumField() > 0 && t.PkgPath() != "time" {
		return t
	}
	return nil
}

func (f *fieldPlan) read(field reflect.StructField, tag string) {
	for word := range strings.SplitSeq(tag, ",") {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "static":
			f.rule = static
		case "shape":
			f.rule = shape
		case "seconds":
			f.rule = everySecond
		case "after", "from":
			f.rule = after
			if name == "from" {
				f.rule = from
			}
			f.key = keyed(field, value)
		case "with":
			f.with = value
		case "keep":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(fmt.Sprintf("%s: lean:%q: %v", field.Name, tag, err))
			}
			f.keep = n
		default:
			panic(fmt.Sprintf("%s: lean:%q: there is no %q", field.Name, tag, name))
		}
	}
}

// keyed finds the field of a list's items that has that name as JSON.
func keyed(list reflect.StructField, name string) int {
	item := list.Type.Elem()
	for i := range item.NumField() {
		if n, _, _ := strings.Cut(item.Field(i).Tag.Get("json"), ","); n == name {
			return i
		}
	}
	panic(fmt.Sprintf("%s: lean: its items have no %q", list.Name, name))
}

// keyOf is the number that orders an item of a list.
func (f *fieldPlan) keyOf(item reflect.Value) int64 {
	v := item.Field(f.key)
	if v.CanUint() {
		return int64(v.Uint())
	}
	return v.Int()
}
