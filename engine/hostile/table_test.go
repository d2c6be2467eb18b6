package hostile

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hostileCase is a line of testdata/requests.txt.
type hostileCase struct {
	name  string
	most  int    // requests upstream
	never string // what must not arrive there
	bytes string
}

func table(t testing.TB) []hostileCase {
	t.Helper()
	text, err := os.ReadFile("testdata/requests.txt")
	require.NoError(t, err)
	var all []hostileCase
	seen := map[string]bool{}
	for line := range strings.SplitSeq(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, " | ", 4)
		require.Len(t, f, 4, line)
		c := hostileCase{name: f[0]}
		require.False(t, seen[c.name], "twice: %s", c.name)
		seen[c.name] = true
		c.most, err = strconv.Atoi(f[1])
		require.NoError(t, err, line)
		c.never, err = strconv.Unquote(f[2])
		require.NoError(t, err, line)
		c.bytes, err = strconv.Unquote(f[3])
		require.NoError(t, err, line)
		c.bytes = repeated.ReplaceAllStringFunc(c.bytes, func(s string) string {
			m := repeated.FindStringSubmatch(s)
			n, err := strconv.Atoi(m[2])
			require.NoError(t, err, line)
			return strings.Repeat(m[1], n)
		})
		all = append(all, c)
	}
	return all
}

var repeated = regexp.MustCompile(`(?s)\{\{(.*?)\*(\d+)\}\}`)
