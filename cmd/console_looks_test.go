package cmd

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui"
)

func TestFlagsWinOverPreferences(t *testing.T) {
	f := consoleFlags{symbols: "braille", theme: "dark"}
	preferred := map[string]string{"theme": "light", "symbols": "ascii", "mouse": "off", "window": "5m", "table": "heat map", "sort": "value"}
	start := func(given ...string) tui.Options {
		o := tui.Options{Symbols: f.symbols, Theme: f.theme}
		f.prefer(&o, func(flag string) bool { return len(given) > 0 && given[0] == flag }, preferred)
		return o
	}
	want := tui.Options{Theme: "light", Symbols: "ascii", NoMouse: true, Window: "5m", Table: "heat map", Sort: "value"}
	require.Equal(t, want, start())
	theme, symbols, mouse := want, want, want
	theme.Theme, symbols.Symbols, mouse.NoMouse = "dark", "braille", false
	require.Equal(t, theme, start("theme"))
	require.Equal(t, symbols, start("symbols"))
	require.Equal(t, mouse, start("no-mouse"), "as the flag says")
}
