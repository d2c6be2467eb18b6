package lean

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"

	"slbtui/engine/live"
)

// Mark is what somebody has who has a certain picture.
type Mark struct {
	Seq  uint64
	last map[string]int64 // by the path of a list: the key of its last item
}

// MarkOf is the mark of a picture.
func MarkOf(s *live.Snapshot) Mark {
	m := Mark{Seq: s.Seq, last: map[string]int64{}}
	snapshots.mark(reflect.ValueOf(s).Elem(), "", m.last)
	return m
}

func (p plan) mark(v reflect.Value, path string, into map[string]int64) {
	for _, f := range p {
		at, here := v.Field(f.index), path+"."+f.name
		switch {
		case f.rule == after || f.rule == from:
			if n := at.Len(); n > 0 {
				into[here] = f.keyOf(at.Index(n - 1))
			}
		case f.inner != nil:
			below(at, func(v reflect.Value) { f.inner.mark(v, name(here, v), into) })
		}
	}
}

// name tells the items of a list apart: by their first field, which is what they are called.
func name(path string, v reflect.Value) string {
	if first := v.Field(0); first.Kind() == reflect.String {
		return path + "/" + first.String()
	}
	return path
}

// below calls f for each struct that a field is, points to or lists.
func below(v reflect.Value, f func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		f(v)
	case reflect.Pointer:
		if !v.IsNil() {
			f(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			f(v.Index(i))
		}
	}
}

// ETag is the same for two pictures whose static parts are, and of which one may follow the other: the same run
// with the same servers and learners.
func ETag(s *live.Snapshot) string {
	hash := sha256.New()
	snapshots.tag(reflect.ValueOf(s).Elem(), json.NewEncoder(hash))
	return `"` + hex.EncodeToString(hash.Sum(nil)[:12]) + `"`
}

func (p plan) tag(v reflect.Value, out *json.Encoder) {
	for _, f := range p {
		at := v.Field(f.index)
		switch {
		case f.rule == static || f.rule == shape:
			_ = out.Encode(at.Interface()) // names and texts; a hash takes all
		case f.inner != nil:
			below(at, func(v reflect.Value) { f.inner.tag(v, out) })
		}
	}
}

// News is what is to be written of a picture.
type News struct {
	Since Mark     // what is there already
	Same  bool     // the static parts are, too
	With  []string // the parts that are asked for
}

// Append appends a picture as a JSON object, without the brace that ends it, to b.
func (n *News) Append(b []byte, s *live.Snapshot) ([]byte, error) {
	w := writer{news: n, buf: bytes.NewBuffer(b)}
	w.out = json.NewEncoder(w.buf)
	return w.whole(reflect.ValueOf(s).Elem())
}

type writer struct {
	news    *News
	buf     *bytes.Buffer
	out     *json.Encoder
	seconds int // how many are new
}

func (w *writer) whole(v reflect.Value) ([]byte, error) {
	for _, f := range snapshots {
		if f.name == secondsList {
			w.seconds = w.fresh(&f, v.Field(f.index), "."+f.name).Len()
		}
	}
	if err := w.fields(snapshots, v, ""); err != nil {
		return nil, err
	}
	return w.buf.Bytes(), nil
}

func (w *writer) fields(p plan, v reflect.Value, path string) error {
	w.buf.WriteByte('{')
	first := true
	for _, f := range p {
		if f.rule == static && w.news.Same || f.with != "" && !slices.Contains(w.news.With, f.with) {
			continue
		}
		if !first {
			w.buf.WriteByte(',')
		}
		first = false
		w.buf.WriteString(`"` + f.name + `":`)
		if err := w.field(&f, v.Field(f.index), path+"."+f.name); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) field(f *fieldPlan, v reflect.Value, path string) error {
	switch f.rule {
	case after, from, everySecond:
		return w.value(w.fresh(f, v, path))
	}
	if !f.cuts {
		return w.value(v)
	}
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return w.value(v)
		}
		w.buf.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			if err := w.object(f.inner, v.Index(i), path); err != nil {
				return err
			}
		}
		w.buf.WriteByte(']')
		return nil
	case reflect.Pointer:
		if v.IsNil() {
			return w.value(v)
		}
		v = v.Elem()
	}
	return w.object(f.inner, v, path)
}

func (w *writer) object(p plan, v reflect.Value, path string) error {
	err := w.fields(p, v, name(path, v))
	w.buf.WriteByte('}')
	return err
}

func (w *writer) value(v reflect.Value) error {
	if err := w.out.Encode(v.Interface()); err != nil {
		return err
	}
	w.buf.Truncate(w.buf.Len() - 1) // the encoder's new line
	return nil
}

// fresh is what of a list is not there already.
func (w *writer) fresh(f *fieldPlan, v reflect.Value, path string) reflect.Value {
	n := v.Len()
	if n == 0 {
		return v
	}
	first := n
	if f.rule == everySecond {
		first = max(0, n-w.seconds)
	} else {
		last, known := w.news.Since.last[path]
		for first > 0 && (!known || f.newer(f.keyOf(v.Index(first-1)), last)) {
			first--
		}
	}
	return v.Slice(first, n)
}

// newer tells whether an item is to be sent to somebody whose last one has the key last.
func (f *fieldPlan) newer(key, last int64) bool { return key > last || f.rule == from && key >= last-1 }
