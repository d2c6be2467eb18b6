package live

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

var (
	keyOf    = regexp.MustCompile(`"(\w+)": `)
	wordOf   = regexp.MustCompile(`"([\w.@-]+)"`)
	unspoken = strings.NewReplacer(", ", " ")
)

// Spoken is a command as an event has it: drain server=server1 drain=true.
func Spoken(do string, keys []byte) string {
	text := strings.TrimSuffix(strings.TrimPrefix(Spaced(keys), "{"), "}")
	text = wordOf.ReplaceAllString(keyOf.ReplaceAllString(text, "$1="), "$1")
	return strings.TrimSpace(do + " " + unspoken.Replace(text))
}

// Spaced writes JSON in one line, as a person would.
func Spaced(body []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", ""); err != nil {
		return string(body)
	}
	text := strings.ReplaceAll(b.String(), "\n", " ")
	return strings.NewReplacer("{ ", "{", " }", "}", "[ ", "[", " ]", "]").Replace(text)
}
