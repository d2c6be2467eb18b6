package theme

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
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
				for _, depth := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
					require.GreaterOrEqual(t, contrast(depth.Convert(lipgloss.Color(c)), background), text, "%s %s %s", p.Name, name, depth)
				}
			}
		}
		if strings.HasPrefix(p.faint, "#") {
			require.GreaterOrEqual(t, contrast(lipgloss.Color(p.faint), background), float64(frame), p.Name)
		}
	}
}

// What must be told apart in one picture is, in true colour, in 256 and in 16 colours.
func TestInksOfOnePictureAreApart(t *testing.T) {
	const words, lines = 0.1, 0.15 // in OKLab, of which 0.02 can just be seen; thin lines need more
	for i := range palettes {
		full := &palettes[i]
		for depth, p := range map[colorprofile.Profile]*Palette{colorprofile.TrueColor: full, colorprofile.ANSI256: full, colorprofile.ANSI: full.InSixteen()} {
			for picture, inks := range map[string][]string{
				"lines":          {p.accent, p.second, p.third},
				"markers":        {p.highlighted, p.second, p.third, p.accent, p.faint},
				"axis":           {p.faint, p.accent, p.second, p.third},
				"states, toasts": {p.good, p.warn, p.bad},
				"heat map":       {p.faint, p.good, p.warn, p.bad},
				"policy map":     {p.good, p.warn, p.highlighted},
				"frames":         {p.accent, p.faint},
				"Q-table":        {p.accent, p.highlighted},
			} {
				enough := words
				if picture == "lines" {
					enough = lines
				}
				for n, a := range inks {
					for _, b := range inks[n+1:] {
						// Of the sixteen themselves, only the terminal knows what they look like.
						require.NotEqual(t, a, b, "%s, %s, %s", p.Name, depth, picture)
						x, y := depth.Convert(lipgloss.Color(a)), depth.Convert(lipgloss.Color(b))
						require.Greater(t, distance(x, y), enough, "%s, %s, %s: %s and %s", p.Name, depth, picture, a, b)
					}
				}
			}
		}
	}
}

// distance is that of two colours in OKLab, 0-1: equal numbers look about equally far.
func distance(a, b color.Color) float64 {
	oklab := func(c color.Color) [3]float64 {
		r, g, b := linear(c)
		l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
		m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
		s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
		return [3]float64{
			0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
			1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
			0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
		}
	}
	x, y := oklab(a), oklab(b)
	return math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2])
}

// linear are the parts of an sRGB colour as amounts of light, 0-1.
func linear(c color.Color) (r, g, b float64) {
	part := func(v uint32) float64 {
		if x := float64(v) / 0xffff; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 0xffff / 12.92
	}
	x, y, z, _ := c.RGBA()
	return part(x), part(y), part(z)
}

// contrast is WCAG's ratio of relative luminances, 1-21.
func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		r, g, b := linear(c)
		return 0.2126*r + 0.7152*g + 0.0722*b
	}
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}
