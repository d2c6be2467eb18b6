package lean

import (
	"reflect"
	"slices"

	"slbtui/engine/live"
)

// Merge is the whole picture of which fresh is the news to somebody who has held, asked for the parts with.
// Neither is changed, and the result shares what it can with both. fresh must be of the same ETag as held.
func Merge(held, fresh *live.Snapshot, with ...string) *live.Snapshot {
	out := *fresh
	m := merger{with: with}
	m.fields(snapshots, reflect.ValueOf(held).Elem(), reflect.ValueOf(&out).Elem())
	return &out
}

type merger struct{ with []string }

// fields completes out, which is what is new, by what was there before.
func (m *merger) fields(p plan, held, out reflect.Value) {
	for _, f := range p {
		before, now := held.Field(f.index), out.Field(f.index)
		switch {
		case f.with != "" && !slices.Contains(m.with, f.with), f.rule == static && now.IsNil():
			now.Set(before)
		case f.rule == after || f.rule == from:
			m.list(&f, before, now, f.overlap(before, now))
		case f.rule == everySecond:
			m.list(&f, before, now, before.Len())
		case f.inner != nil:
			m.inner(&f, before, now)
		}
	}
}

// overlap is how many of the items of before come before those of now.
func (f *fieldPlan) overlap(before, now reflect.Value) int {
	n := before.Len()
	if now.Len() == 0 {
		return n
	}
	for first := f.keyOf(now.Index(0)); n > 0 && f.keyOf(before.Index(n-1)) >= first; {
		n--
	}
	return n
}

// list puts the first of before, as many as stay, and now together. A list that is nil was emptied.
func (m *merger) list(f *fieldPlan, before, now reflect.Value, stay int) {
	if now.IsNil() {
		return
	}
	from := max(0, stay+now.Len()-f.keep)
	if from >= stay {
		now.Set(now.Slice(max(0, now.Len()-f.keep), now.Len()))
		return
	}
	if now.Len() == 0 {
		now.Set(before.Slice3(from, stay, stay))
		return
	}
	now.Set(reflect.AppendSlice(before.Slice3(from, stay, stay), now)) // a copy: what was published stays as it is
}

func (m *merger) inner(f *fieldPlan, before, now reflect.Value) {
	switch now.Kind() {
	case reflect.Pointer:
		if now.IsNil() || before.IsNil() {
			return
		}
		m.fields(f.inner, before.Elem(), now.Elem())
	case reflect.Slice:
		for i := range min(before.Len(), now.Len()) {
			m.fields(f.inner, before.Index(i), now.Index(i))
		}
	case reflect.Struct:
		m.fields(f.inner, before, now)
	}
}
