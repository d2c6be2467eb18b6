package token

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func written(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestBook(t *testing.T) {
	alice, aliceLine := New(Holder{Operator, "alice"})
	bob, bobLine := New(Holder{Viewer, "bob@example.org"})
	require.NotEqual(t, alice, bob)
	require.NotContains(t, aliceLine, strings.TrimPrefix(alice, prefix))
	path := written(t, "# who may\n\n"+aliceLine+"\n  "+bobLine+"\n")
	b, err := Open(path)
	require.NoError(t, err)
	require.Equal(t, Holder{Operator, "alice"}, b.Who(alice))
	require.Equal(t, Holder{Viewer, "bob@example.org"}, b.Who(bob))
	for _, wrong := range []string{"", "x", alice + "x", alice[1:], strings.ToUpper(alice), aliceLine[len(aliceLine)-64:]} {
		require.Equal(t, Holder{}, b.Who(wrong), "%q", wrong)
	}

	require.NoError(t, os.WriteFile(path, []byte(bobLine), 0o600))
	require.NoError(t, b.Reread())
	require.Equal(t, Nobody, b.Who(alice).Role, "taken back")
	require.NoError(t, os.WriteFile(path, []byte("nonsense"), 0o600))
	require.Error(t, b.Reread())
	require.NoError(t, os.Remove(path))
	require.Error(t, b.Reread())
	require.Equal(t, Viewer, b.Who(bob).Role, "those of before stay")
}

func TestFilesThatAreRefused(t *testing.T) {
	sum := strings.Repeat("0a", 32)
	for text, want := range map[string]string{
		"":                                      "no token in it; slbtui token",
		"# only a remark":                       "no token in it",
		"operator alice":                        ":1: want ROLE NAME SHA256",
		"\nroot alice " + sum:                   `:2: "root" is no role: want viewer or operator`,
		"nobody alice " + sum:                   `"nobody" is no role`,
		"viewer a/b " + sum:                     `:1: "a/b" is no name`,
		"viewer a slbtui_secret":                "the third word is no SHA-256",
		"viewer a " + sum[2:]:                   "the third word is no SHA-256",
		"viewer a " + sum + "\nviewer a " + sum: ":2: a has a token already, in line 1",
		strings.Repeat("x", maxFile+1):          "larger than",
	} {
		_, err := Open(written(t, text))
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "slbtui_secret")
	}
	_, err := Open(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "no such file")
}

func FuzzParse(f *testing.F) {
	_, line := New(Holder{Viewer, "a"})
	f.Add([]byte(line))
	f.Add([]byte("# \n\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		entries, err := parse("f", text)
		require.Equal(t, err == nil, len(entries) > 0)
	})
}
