// Package printable makes texts from outside (names in files, answers and headers of servers, words of an
// operating system) fit to be printed: a terminal obeys some of what it is sent, and a reader believes the
// order in which letters stand. It is a leaf and knows nobody.
package printable

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Line returns s with a blank for everything that would move the cursor, change colours or turn the order of
// letters around, and a question mark for what is no text. The result is one line.
func Line(s string) string {
	if strings.IndexFunc(s, isUnfit) < 0 {
		return s
	}
	return strings.Map(fit, s)
}

// Lines is Line for a text of several lines, which stay apart.
func Lines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = Line(l)
	}
	return strings.Join(lines, "\n")
}

// JSON returns a JSON text in which everything that Line would replace is escaped: it means the same, and a terminal
// obeys none of it. It returns text itself where there is nothing to do.
func JSON(text []byte) []byte {
	if bytes.IndexFunc(text, isUnfitInJSON) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+32)
	for _, r := range string(text) { // what is no UTF-8 becomes U+FFFD, as in every JSON reader
		switch {
		case !isUnfitInJSON(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// isUnfitInJSON is isUnfit but for the blanks between tokens: no other control character below DEL stands in a JSON text.
func isUnfitInJSON(r rune) bool { return r >= '\x7f' && isUnfit(r) }

// isUnfit tells whether r must not be printed as it is: control characters, among them C1 (which are escape
// sequences of one letter), the line and paragraph separators, and format characters such as the bidirectional
// overrides, but for the two joiners that some scripts cannot be written without.
func isUnfit(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	switch r {
	case utf8.RuneError:
		return true // a byte that is no UTF-8 may be C1 to a terminal
	case nonJoiner, joiner:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func fit(r rune) rune {
	switch {
	case r == utf8.RuneError:
		return '?'
	case isUnfit(r):
		return ' '
	}
	return r
}
