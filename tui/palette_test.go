package tui

import (
	"image/color"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
	"slbtui/tui/theme"
)

func TestThemesChangeOnlyColours(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	text := plain(m)
	seen := map[string]bool{}
	for _, name := range theme.Names() {
		commanded(t, m, "theme "+name)
		m.toast = toast{}
		require.Equal(t, text, plain(m), name)
		seen[m.View().Content] = true
	}
	require.Len(t, seen, len(theme.Names()), "each looks different")
	commanded(t, m, "theme ansi")
	require.NotContains(t, m.View().Content, "38;2;", "sixteen colours only")
	commanded(t, m, "theme pink")
	require.Contains(t, plain(m), `no theme "pink"; there is dark, light`)
}

func TestBackgroundChoosesTheTheme(t *testing.T) {
	white := tea.BackgroundColorMsg{Color: color.White}
	m := console(canned.Snapshot(3), 80, 24, Options{})
	dark := m.View().Content
	m.Update(tea.BackgroundColorMsg{Color: color.Black})
	require.Equal(t, dark, m.View().Content)
	m.Update(white)
	require.NotEqual(t, dark, m.View().Content)
	m = console(canned.Snapshot(3), 80, 24, Options{Theme: "dark"})
	m.Update(white)
	require.Equal(t, dark, m.View().Content, "what was asked for stays")
}

func TestSixteenColours(t *testing.T) {
	for _, name := range theme.Names() {
		m := console(canned.Snapshot(3), 120, 40, Options{Theme: name})
		text := plain(m)
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
		require.NotContains(t, m.View().Content, "38;2;")
		require.Equal(t, text, plain(m))
		require.Equal(t, name, m.theme.Name, "the choice stands")
		for _, apart := range [][]theme.Ink{{m.theme.Good, m.theme.Warn, m.theme.Bad}, {m.theme.P50, m.theme.P95, m.theme.P99, m.theme.Border}, {m.theme.P95, m.theme.Marker}} {
			require.Len(t, slices.Compact(slices.Sorted(slices.Values(apart))), len(apart), name)
		}
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		if name != "ansi" {
			require.Contains(t, m.View().Content, "38;2;")
		}
	}
}
