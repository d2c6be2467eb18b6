package terminal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSymbolsFollowTheLocaleAndTheTerminal(t *testing.T) {
	const instead = ": symbols are ascii; :symbols changes that"
	for name, test := range map[string]struct {
		env  map[string]string
		want string
		why  string
	}{
		"nothing set":        {nil, "", ""},
		"UTF-8":              {map[string]string{"LANG": "en_GB.UTF-8", "TERM": "xterm"}, "", ""},
		"utf8, modified":     {map[string]string{"LANG": "de_DE.utf8@euro"}, "", ""},
		"C":                  {map[string]string{"LANG": "C"}, "ascii", "LANG=C is not UTF-8" + instead},
		"C with characters":  {map[string]string{"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "", ""},
		"LC_ALL comes first": {map[string]string{"LC_ALL": "POSIX", "LC_CTYPE": "C.UTF-8", "LANG": "C.UTF-8"}, "ascii", "LC_ALL=POSIX is not UTF-8" + instead},
		"latin":              {map[string]string{"LC_CTYPE": "de_DE.ISO-8859-1"}, "ascii", "LC_CTYPE=de_DE.ISO-8859-1 is not UTF-8" + instead},
		"the console":        {map[string]string{"LANG": "C.UTF-8", "TERM": "linux"}, "ascii", "TERM=linux has few characters" + instead},
	} {
		symbols, why := Symbols(func(key string) string { return test.env[key] })
		require.Equal(t, test.want, symbols, name)
		require.Equal(t, test.why, why, name)
	}
}
