package remote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"slbtui/engine/live"
	"slbtui/engine/printable"
)

// maxItems is how many objects a picture may have: a thousand servers in each of 300 seconds are 300,000. In memory an
// empty one takes a hundred times the room that it has in an answer.
const maxItems = 1 << 19

// readSnapshot reads a picture that comes from outside. All its texts can be printed: a terminal would obey them.
func readSnapshot(body []byte) (*live.Snapshot, error) {
	if n := bytes.Count(body, []byte("{")) + bytes.Count(body, []byte("null")); n > maxItems {
		return nil, fmt.Errorf("%d parts are more than %d", n, maxItems)
	}
	s := &live.Snapshot{}
	if err := json.Unmarshal(body, s); err != nil {
		return nil, err
	}
	if bytes.IndexByte(body, '\\') >= 0 || len(printable.JSON(body)) != len(body) { // in JSON, the others are escaped
		makePrintable(reflect.ValueOf(s).Elem())
	}
	return s, nil
}

// makePrintable replaces what a terminal would obey in every text below v.
func makePrintable(v reflect.Value) {
	if !v.CanSet() { // a time has parts of its own
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(printable.Line(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			makePrintable(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			makePrintable(v.Field(i))
		}
	case reflect.Map: // of numbers, by the ids of servers
		for _, key := range v.MapKeys() {
			if name := printable.Line(key.String()); name != key.String() {
				v.SetMapIndex(reflect.ValueOf(name), v.MapIndex(key))
				v.SetMapIndex(key, reflect.Value{})
			}
		}
	case reflect.Slice, reflect.Array:
		if !hasText(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			makePrintable(v.Index(i))
		}
	}
}

// hasText tells whether a list of these may hold texts: most lists are of numbers.
func hasText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Pointer, reflect.Struct, reflect.Slice, reflect.Array:
		return true
	}
	return false
}
