package terminal

import (
	"cmp"
	"strings"
)

// plainest are the symbols that every terminal has.
const plainest = "ascii"

// Symbols chooses what charts are drawn with where nobody has: ascii where the locale or the terminal says that it has no
// more, else "", the default. why says so. A locale that is not set at all says nothing.
func Symbols(getenv func(string) string) (symbols, why string) {
	const instead = ": symbols are ascii; :symbols changes that"
	if getenv("TERM") == "linux" {
		return plainest, "TERM=linux has few characters" + instead
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} { // the first that is set counts, POSIX says
		locale := getenv(name)
		if locale == "" {
			continue
		}
		if _, charset, _ := strings.Cut(locale, "."); !isUTF8(charset) {
			return plainest, name + "=" + locale + " is not UTF-8" + instead
		}
		break
	}
	return "", ""
}

// isUTF8 tells whether a locale's character set, with what may follow it (@euro), is UTF-8.
func isUTF8(charset string) bool {
	charset, _, _ = strings.Cut(charset, "@")
	return cmp.Or(strings.EqualFold(charset, "UTF-8"), strings.EqualFold(charset, "UTF8"))
}
