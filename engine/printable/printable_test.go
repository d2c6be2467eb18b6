package printable

import (
	"bytes"
	"encoding/json"
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

func TestJSON(t *testing.T) {
	plain := []byte("{\"path\": \"/日本\"}\n")
	require.Equal(t, plain, JSON(plain))
	for _, s := range []string{"a\x7fb", "C1 \u009b2J", "gpj\u202egnp.exe", "tag \U000e0041!", "\x1b[2J"} {
		text, err := json.Marshal(map[string]string{s: s})
		require.NoError(t, err)
		safe := JSON(text)
		require.Less(t, bytes.IndexFunc(safe, isUnfit), 0, "%q", safe)
		var back map[string]string
		require.NoError(t, json.Unmarshal(safe, &back))
		require.Equal(t, map[string]string{s: s}, back)
	}
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
