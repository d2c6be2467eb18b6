package theme

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/stretchr/testify/require"
)

func TestPalettesAreReadable(t *testing.T) {
	const text, frame = 4.5, 3 // WCAG 2.2, 1.4.3 and 1.4.11
	for _, p := range palettes {
		background := color.Color(color.Black)
		if p.Name == "light" {
			background = color.White
		}
		for name, c := range map[string]string{"grey": p.grey, "accent": p.accent, "good": p.good, "warn": p.warn, "bad": p.bad, "second": p.second, "third": p.third, "highlighted": p.highlighted} {
			if strings.HasPrefix(c, "#") { // the sixteen are the terminal's own
				require.GreaterOrEqual(t, contrast(lipgloss.Color(c), background), text, "%s %s", p.Name, name)
			}
		}
		if strings.HasPrefix(p.faint, "#") {
			require.GreaterOrEqual(t, contrast(lipgloss.Color(p.faint), background), float64(frame), p.Name)
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
