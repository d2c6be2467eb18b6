package cmd

import (
	"net/url"
	"strings"
)

// commandLine is what runs the program again with these arguments, to be copied into a shell: quoted where a
// shell would make something else of it, and without a password, for it is printed in reports.
func commandLine(args []string) string {
	words := []string{"slbtui"}
	for _, arg := range args {
		words = append(words, quoted(withoutPassword(arg)))
	}
	return strings.Join(words, " ")
}

// quoted is a word as a POSIX shell takes it for one.
func quoted(word string) string {
	plain := func(r rune) bool {
		return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("-_./:,=@%+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// withoutPassword hides that of a URL, also in --url=URL.
func withoutPassword(arg string) string {
	at := strings.Index(arg, "://")
	if at < 0 {
		return arg
	}
	from := strings.LastIndexByte(arg[:at], '=') + 1
	u, err := url.Parse(arg[from:])
	if err != nil || u.User == nil {
		return arg
	}
	return arg[:from] + u.Redacted()
}
