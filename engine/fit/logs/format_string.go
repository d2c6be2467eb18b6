package logs

import (
	"errors"
	"fmt"
	"strings"
)

// maxFormatString is how long a format string may be, in bytes.
const maxFormatString = 16 << 10

// formatOf reads a balancer's own format string: nginx's log_format, or HAProxy's log-format.
func formatOf(text string) (format, error) {
	switch {
	case len(text) > maxFormatString:
		return format{}, fmt.Errorf("--log-format: %d bytes are more than a format string has (%d)", len(text), maxFormatString)
	case strings.Contains(text, "$"):
		return nginxFormat(text)
	case strings.Contains(text, "%"):
		return haproxyFormat(text)
	}
	return format{}, fmt.Errorf("--log-format %.60q: neither nginx's, which has variables such as $upstream_addr, nor HAProxy's, with %%s", text)
}

// NginxFormat finds the string of a log_format in an nginx.conf, by its name.
func NginxFormat(conf []byte, name string) (string, error) {
	var names []string
	words := nginxWords{rest: string(conf)}
	for word, ok := words.next(); ok; word, ok = words.next() {
		if word != "log_format" {
			continue
		}
		var parts []string
		for part, ok := words.next(); ok && part != ";"; part, ok = words.next() {
			parts = append(parts, part)
		}
		if len(parts) < 2 {
			continue
		}
		names = append(names, parts[0])
		if parts[0] != name {
			continue
		}
		parts = parts[1:]
		if strings.HasPrefix(parts[0], "escape=") {
			parts = parts[1:]
		}
		return strings.Join(parts, ""), nil
	}
	if len(names) == 0 {
		return "", errors.New("there is no log_format in it; included files are not looked into")
	}
	return "", fmt.Errorf("there is no log_format %.60q in it; there are %.300s", name, strings.Join(names, ", "))
}

// nginxWords are the words of an nginx.conf: braces and semicolons are some, quotes hold one together.
type nginxWords struct{ rest string }

func (w *nginxWords) next() (word string, ok bool) {
	for {
		w.rest = strings.TrimLeft(w.rest, " \t\r\n")
		if !strings.HasPrefix(w.rest, "#") {
			break
		}
		_, w.rest, _ = strings.Cut(w.rest, "\n")
	}
	if w.rest == "" {
		return "", false
	}
	switch c := w.rest[0]; c {
	case ';', '{', '}':
		w.rest = w.rest[1:]
		return string(c), true
	case '"', '\'':
		return w.quoted(c), true
	}
	end := strings.IndexAny(w.rest, " \t\r\n;{}")
	if end < 0 {
		end = len(w.rest)
	}
	if i := strings.Index(w.rest, "${"); i >= 0 && i < end { // a variable's own braces
		if end = strings.IndexAny(w.rest, " \t\r\n;"); end < 0 {
			end = len(w.rest)
		}
	}
	word, w.rest = w.rest[:end], w.rest[end:]
	return word, true
}

func (w *nginxWords) quoted(quote byte) string {
	var b strings.Builder
	for i := 1; i < len(w.rest); i++ {
		switch c := w.rest[i]; {
		case c == '\\' && i+1 < len(w.rest):
			i++
			switch next := w.rest[i]; next {
			case '"', '\'', '\\':
				b.WriteByte(next)
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte('\\')
				b.WriteByte(next)
			}
		case c == quote:
			w.rest = w.rest[i+1:]
			return b.String()
		default:
			b.WriteByte(c)
		}
	}
	w.rest = ""
	return b.String()
}
