package logs

import "bytes"

// fields walks over what blanks separate; what stands in double quotes is one field.
type fields struct{ rest []byte }

// next is the next field, without its quotes; ok is false when there is none.
func (f *fields) next() (field []byte, ok bool) {
	f.rest = bytes.TrimLeft(f.rest, " ")
	if len(f.rest) == 0 {
		return nil, false
	}
	if f.rest[0] != '"' {
		field, f.rest = before(f.rest, ' ')
		return field, true
	}
	for i := 1; i < len(f.rest); i++ {
		switch f.rest[i] {
		case '\\':
			i++
		case '"':
			field, f.rest = f.rest[1:i], f.rest[i+1:]
			return field, true
		}
	}
	field, f.rest = f.rest[1:], nil // cut off within the quotes
	return field, false
}

// take fills to with the next fields; false when there are fewer.
func (f *fields) take(to [][]byte) bool {
	for i := range to {
		var ok bool
		if to[i], ok = f.next(); !ok {
			return false
		}
	}
	return true
}

// list is the next field and those that follow while a comma says so: of several attempts, one value each.
func (f *fields) list() (list []byte, ok bool) {
	from := bytes.TrimLeft(f.rest, " ")
	for more := true; more; {
		one, ok := f.next()
		if !ok {
			return nil, false
		}
		more = len(one) > 0 && one[len(one)-1] == ','
	}
	return bytes.TrimSpace(from[:len(from)-len(f.rest)]), true
}

// before splits b at the first c, which neither part has.
func before(b []byte, c byte) (head, rest []byte) {
	if i := bytes.IndexByte(b, c); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}
