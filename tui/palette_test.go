package tui

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
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

func TestPalettesAreReadable(t *testing.T) {
	const text, frame = 4.5, 3 // WCAG 2.2, 1.4.3 and 1.4.11
	for _, p := range palettes {
		background := color.Color(color.Black)
		if p.name == "light" {
			background = color.White
		}
		for name, c := range map[string]string{"grey": p.grey, "accent": p.accent, "good": p.good, "warn": p.warn, "bad": p.bad, "second": p.second, "third": p.third, "highlighted": p.highlighted} {
			if strings.HasPrefix(c, "#") { // the sixteen are the terminal's own
				require.GreaterOrEqual(t, contrast(lipgloss.Color(c), background), text, "%s %s", p.name, name)
			}
		}
		if strings.HasPrefix(p.faint, "#") {
			require.GreaterOrEqual(t, contrast(lipgloss.Color(p.faint), background), float64(frame), p.name)
		}
	}
}

// contrast is WCAG's ratio of relative luminances, 1-21.
func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		linear := func(v uint32) float64 {
			if x := float64(v) / 0xffff; x > 0.04045 {
				return math.Pow((x+0.055)/1.055, 2.4)
			}
			return float64(v) / 0xffff / 12.92
		}
		r, g, b, _ := c.RGBA()
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

func TestSixteenColours(t *testing.T) {
	for _, name := range themeNames() {
		m := console(snapshot(3), 120, 40, Options{Theme: name})
		text := plain(m)
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
		require.NotContains(t, m.View().Content, "38;2;")
		require.Equal(t, text, plain(m))
		require.Equal(t, name, m.theme.name, "the choice stands")
		for _, apart := range [][]ink{{m.theme.good, m.theme.warn, m.theme.bad}, {m.theme.p50, m.theme.p95, m.theme.p99, m.theme.border}, {m.theme.p95, m.theme.marker}} {
			if name != "colourblind" && name != "contrast" {
				require.Len(t, slices.Compact(slices.Sorted(slices.Values(apart))), len(apart), name)
			}
		}
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		if name != "ansi" {
			require.Contains(t, m.View().Content, "38;2;")
		}
	}
}
