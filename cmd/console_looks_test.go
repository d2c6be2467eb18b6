package cmd

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui"
	"slbtui/tui/plain"
)

func TestFlagsWinOverPreferences(t *testing.T) {
	f := consoleFlags{symbols: "braille", theme: "dark"}
	preferred := map[string]string{"theme": "light", "symbols": "ascii", "mouse": "off", "window": "5m", "table": "heat map", "sort": "value", "order": "p95", "motion": "off", "hide": "events"}
	start := func(given ...string) tui.Options {
		o := tui.Options{Symbols: f.symbols, Theme: f.theme}
		f.prefer(&o, func(flag string) bool { return len(given) > 0 && given[0] == flag }, preferred)
		return o
	}
	want := tui.Options{Theme: "light", Symbols: "ascii", NoMouse: true, Window: "5m", Table: "heat map", Sort: "value", Order: "p95", NoMotion: true, Hidden: "events"}
	require.Equal(t, want, start())
	theme, symbols, mouse, motion, hide := want, want, want, want, want
	theme.Theme, symbols.Symbols, mouse.NoMouse, motion.NoMotion, hide.Hidden = "dark", "braille", false, false, ""
	require.Equal(t, theme, start("theme"))
	require.Equal(t, symbols, start("symbols"))
	require.Equal(t, mouse, start("no-mouse"), "as the flag says")
	require.Equal(t, motion, start("no-motion"), "as the flag says")
	require.Equal(t, hide, start("hide"), "as the flag says")
}

// The tour is for the first start, and for who asks for it; without preferences nobody would know that it is over.
func TestTheFirstStartBeginsWithATour(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	begins := func(f consoleFlags) bool {
		cmd := consoleCommand(&globals{})
		cmd.SetErr(io.Discard)
		o, _ := f.looks(cmd)
		return o.Tour
	}
	require.True(t, begins(consoleFlags{}))
	require.False(t, begins(consoleFlags{noPreferences: true}))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "slbtui"), 0o700))
	for content, want := range map[string]bool{"theme: light\n": false, "tour: \"over\"\n": false, "tour: \"on\"\n": true, "theme: pink\n": false} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "slbtui", "preferences.yaml"), []byte(content), 0o600))
		require.Equal(t, want, begins(consoleFlags{}), content)
	}
}

func TestPanesAreHiddenByNumberOrName(t *testing.T) {
	for _, test := range []struct{ given, want, wrong string }{
		{"", "", ""}, {"5", "events", ""}, {"flow, 5,ev", "flow events", ""}, {"7", "fleet", ""}, {"8", "", `--hide: no pane "8"`}, {"l", "", `--hide: pane "l" could be latency, learning`},
		{"1,2,3,4,5,6", "", "--hide: one pane has to stay"},
	} {
		f := consoleFlags{interval: plain.DefaultInterval}
		if test.given != "" {
			f.hide = strings.Split(test.given, ",")
		}
		got, err := f.hidden()
		require.Equal(t, test.want, got)
		if test.wrong == "" {
			require.NoError(t, err)
			require.NoError(t, f.check())
			continue
		}
		require.ErrorContains(t, f.check(), test.wrong)
	}
}

// Over ssh nothing moves, unless the user has said that it may.
func TestNothingMovesOverSSH(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
	f := consoleFlags{}
	o, _ := f.looks(rootCommand(nil, func() {}))
	require.True(t, o.NoMotion)
	require.Contains(t, o.Notices, "over ssh nothing moves by itself; :motion on changes that")
	f.prefer(&o, func(string) bool { return false }, map[string]string{"motion": "on"})
	require.False(t, o.NoMotion)
	t.Setenv("SSH_CONNECTION", "")
	o, _ = f.looks(rootCommand(nil, func() {}))
	require.False(t, o.NoMotion)
	f.noMotion = true
	o, _ = f.looks(rootCommand(nil, func() {}))
	require.True(t, o.NoMotion)
}
