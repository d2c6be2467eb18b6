package wire

import "bytes"

// head is what requests and responses have in common: header lines up to an empty one.
type head struct {
	raw    []byte
	size   int // of the head, its empty line included
	n      int
	first  [numKinds]int8 // of the lines of that kind, counted from 1; 0: none
	fields [maxFields]field
}

// read takes the header lines of raw, which begin at at, and whose names are of a class of bytes.
func (h *head) read(raw []byte, at int, class uint8, kindOf func([]byte) kind) Verdict {
	h.raw, h.n, h.first = raw, 0, [numKinds]int8{}
	for {
		l, end, ok := line(raw[at:])
		switch {
		case !ok:
			return Odd
		case end < 0:
			return More
		case len(l) == 0:
			h.size = at + end
			return Plain
		case h.n == maxFields:
			return Odd
		}
		colon := bytes.IndexByte(l, ':')
		if colon < 1 || !all(l[:colon], class) || !all(l[colon+1:], inValue) {
			return Odd
		}
		from, to := trim(l[colon+1:])
		k := kindOf(l[:colon])
		if k == kindOdd || k > kindDropped && h.first[k] != 0 && k != kindForwardedOther && k != kindForwardedProto && k != kindForwardedHost {
			return Odd // nor twice what is to be there once
		}
		h.fields[h.n] = field{uint16(at), uint16(at + colon), uint16(at + colon + 1 + from), uint16(at + colon + 1 + to), k}
		h.n++
		if h.first[k] == 0 {
			h.first[k] = int8(h.n)
		}
		at += end
	}
}

func (h *head) has(k kind) bool { return h.first[k] != 0 }

// value is that of the first line of a kind, nil where there is none.
func (h *head) value(k kind) []byte {
	if h.first[k] == 0 {
		return nil
	}
	return h.valueOf(h.fields[h.first[k]-1])
}

func (h *head) valueOf(f field) []byte { return h.raw[f.value:f.valueEnd] }

// appendField writes a line as everybody writes it.
func (h *head) appendField(to []byte, f field) []byte {
	to = append(to, h.raw[f.name:f.colon]...)
	to = append(to, ": "...)
	to = append(to, h.valueOf(f)...)
	return append(to, "\r\n"...)
}

// closing tells what the Connection line asks for; ok is false where that is anything else than to close or to
// keep the connection.
func (h *head) closing() (closes, ok bool) {
	switch v := h.value(kindConnection); {
	case !h.has(kindConnection), isFold(v, "keep-alive"):
		return false, true
	default:
		return true, isFold(v, "close")
	}
}
