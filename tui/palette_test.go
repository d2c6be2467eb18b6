package tui

import (
	"image/color"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
)

func TestThemesChangeOnlyColours(t *testing.T) {
	m := console(snapshot(3), 120, 40, Options{})
	text := plain(m)
	seen := map[string]bool{}
	for _, name := range themeNames() {
		commanded(t, m, "theme "+name)
		m.toast = toast{}
		require.Equal(t, text, plain(m), name)
		seen[m.View().Content] = true
	}
	require.Len(t, seen, len(palettes), "each looks different")
	commanded(t, m, "theme ansi")
	require.NotContains(t, m.View().Content, "38;2;", "sixteen colours only")
	commanded(t, m, "theme pink")
	require.Contains(t, m.dialog().(*commandLine).wrong, `no theme "pink"; there is dark, light`)
}

func TestBackgroundChoosesTheTheme(t *testing.T) {
	white := tea.BackgroundColorMsg{Color: color.White}
	m := console(snapshot(3), 80, 24, Options{})
	dark := m.View().Content
	m.Update(tea.BackgroundColorMsg{Color: color.Black})
	require.Equal(t, dark, m.View().Content)
	m.Update(white)
	require.NotEqual(t, dark, m.View().Content)
	m = console(snapshot(3), 80, 24, Options{Theme: "dark"})
	m.Update(white)
	require.Equal(t, dark, m.View().Content, "what was asked for stays")
}
