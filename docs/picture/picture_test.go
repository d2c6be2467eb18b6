package main

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/tui/cast"
)

// The picture that the README opens with is what its recording shows.
func TestTheDemoIsOfItsRecording(t *testing.T) {
	want, err := draw("demo.cast", everyDefault, stillDefault)
	require.NoError(t, err)
	got, err := os.ReadFile("../demo.svg")
	require.NoError(t, err)
	require.True(t, want == string(got), "go run ./docs/picture docs/picture/demo.cast > docs/demo.svg")
	elements := xml.NewDecoder(strings.NewReader(want))
	for err == nil {
		_, err = elements.Token()
	}
	require.ErrorIs(t, err, io.EOF, "it is XML")
	for _, part := range []string{"round_robin", "slow x5", "What if", "LIVE"} {
		require.Contains(t, want, part, "the story")
	}
}

// film is a recording of three frames, half a second each: a word that stays, one that comes and one that goes.
func film(t *testing.T, every time.Duration) [][]piece {
	t.Helper()
	const paint = "\x1b[?1049h\x1b[Hstays"
	return play(cast.Size{Cols: 20, Rows: 2}, []cast.Event{
		{At: 0, Text: "shell\x1b[c" + paint + "  \x1b[31;1mgoes\x1b[m"},
		{At: time.Second, Text: "\x1b[1;8H\x1b[44mcomes\x1b[m  <&>"},
		{At: 1500 * time.Millisecond, Text: "\x1b[?1049l"},
		{At: 3 * time.Second, Text: "shell"},
	}, every)
}

func TestAPieceIsInThePictureOnce(t *testing.T) {
	shots := splice(film(t, 500*time.Millisecond))
	seen := map[string][]int{}
	for _, s := range shots {
		seen[s.text] = s.frames
	}
	require.Equal(t, map[string][]int{"stays": {0, 1, 2}, "goes": {0, 1}, "comes": {2}, "<&>": {2}}, seen)
	picture := svg(cast.Size{Cols: 20, Rows: 2}, shots, 3, 2, time.Second)
	require.Equal(t, 1, strings.Count(picture, "stays"))
	require.Contains(t, picture, "&lt;&amp;&gt;")
	require.Contains(t, picture, "@media(prefers-reduced-motion:no-preference){g g{animation:7s step-end infinite}}", "only there it moves")
	require.Contains(t, picture, ".fb{visibility:hidden;", "what the still does not show")
	require.Contains(t, picture, ".fc{animation-name:", "what it shows")
}

func TestWhatHasNoPicture(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.cast")
	for content, want := range map[string]string{
		"": "it is empty",
		`{"version":3,"term":{"cols":80,"rows":24}}` + "\n[9,\"o\",\"lines only\"]\n": "no full screen",
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := draw(path, time.Second, 0)
		require.ErrorContains(t, err, want)
	}
	_, err := draw(filepath.Join(dir, "none"), time.Second, 0)
	require.ErrorIs(t, err, os.ErrNotExist)
}
