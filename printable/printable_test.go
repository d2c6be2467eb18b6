package printable

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"server1":                  "server1",
		"日本, naïve, 👩‍💻":           "日本, naïve, 👩‍💻",
		"evil\x1b]0;pwn\a":         "evil ]0;pwn ",
		"two\nlines\r\tand a tab":  "two lines  and a tab",
		"C1 \u009b2J and \u2028 ":  "C1  2J and   ",
		"gpj\u202egnp.exe\u2066!":  "gpj gnp.exe !",
		"\x9b2J is no UTF-8":       "?2J is no UTF-8",
		"\ufeffmark \u200bnothing": " mark  nothing",
		"\x7f":                     " ",
	} {
		require.Equal(t, want, Line(s))
	}
	require.Equal(t, "a \nb ", Lines("a\x1b\nb\x1b"))
}

func FuzzLine(f *testing.F) {
	f.Add("evil\x1b]0;pwn\a")
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, got, Line(got), "nothing is left to do")
		for _, r := range got {
			require.False(t, isUnfit(r), "%q in %q", r, got)
		}
	})
}
