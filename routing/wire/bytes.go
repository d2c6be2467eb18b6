package wire

import "bytes"

// Which bytes may stand where: the intersection of what RFC 9110, RFC 9112 and RFC 3986 allow and what
// readers agree about.
const (
	inName   = 1 << iota // of a header: any token
	inToken              // of a header in a request: without _ and ., by which names are taken for one another
	inValue              // of a header's value
	inTarget             // of a path and its query, as it is
	inHost
)

var classes = func() (c [256]uint8) {
	set := func(class uint8, s string) {
		for i := range len(s) {
			c[s[i]] |= class
		}
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	set(inName|inToken, letters+"!#$%&'*+-^`|~")
	set(inName, "_.")
	set(inTarget, letters+"-._~!$&'()*+,;=:@/?%[]")
	set(inHost, letters+"-._:[]")
	for b := range 256 {
		if b >= ' ' && b != 0x7f || b == '\t' {
			c[b] |= inValue
		}
	}
	return c
}()

func all(b []byte, class uint8) bool {
	for _, c := range b {
		if classes[c]&class == 0 {
			return false
		}
	}
	return true
}

// isTarget tells of a path, with a query or without, whose escapes are escapes.
func isTarget(b []byte) bool {
	if len(b) == 0 || b[0] != '/' || len(b) > 1 && b[1] == '/' {
		return false
	}
	for i, c := range b {
		if classes[c]&inTarget == 0 || c == '%' && (i+2 >= len(b) || !isHex(b[i+1]) || !isHex(b[i+2])) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// number reads 1 to 12 digits, -1 where there is anything else.
func number(b []byte) int64 {
	if len(b) == 0 || len(b) > 12 {
		return -1
	}
	n := int64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// isFold tells whether b is s, which is in lower case and has no bytes that | 0x20 makes equal to a letter.
func isFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

func hasFoldPrefix(b []byte, s string) bool { return len(b) >= len(s) && isFold(b[:len(s)], s) }

// line is the first line of b, without its CRLF, and how far it reaches. Its end is -1 while it has not come, and
// ok is false when what ends it, or what is in it, ends lines for some readers and not for others.
func line(b []byte) (l []byte, end int, ok bool) {
	i := bytes.IndexByte(b, '\n')
	switch {
	case i < 0:
		return nil, -1, true
	case i == 0 || b[i-1] != '\r':
		return nil, -1, false
	}
	return b[:i-1], i + 1, true
}

// trim is b without blanks around.
func trim(b []byte) (from, to int) {
	to = len(b)
	for from < to && (b[from] == ' ' || b[from] == '\t') {
		from++
	}
	for to > from && (b[to-1] == ' ' || b[to-1] == '\t') {
		to--
	}
	return from, to
}
