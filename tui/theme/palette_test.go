package theme

import (
	"image/color"
	"math"
	"slices"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/stretchr/testify/require"
)

// depths are what terminals make of a colour.
var depths = []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256}

func TestPalettesAreReadable(t *testing.T) {
	const text, graphic = 4.5, 3 // WCAG 2.2, 1.4.3 and 1.4.11
	for _, p := range palettes {
		if p.Name == "ansi" {
			continue // the sixteen are the terminal's own
		}
		ground := color.Color(color.Black)
		if p.Name == "light" {
			ground = color.White
		}
		for _, depth := range depths {
			enough := func(c, on string, least float64) {
				against := ground
				if on != "" {
					against = depth.Convert(lipgloss.Color(on))
				}
				require.GreaterOrEqual(t, contrast(depth.Convert(lipgloss.Color(c)), against), least, "%s %s on %s, %s", p.Name, c, on, depth)
			}
			for _, c := range slices.Concat([]string{p.faint, p.tint, p.grey, p.accent, p.good, p.warn, p.bad, p.first, p.second, p.third, p.highlighted}, p.servers) {
				require.Zero(t, distance(depth.Convert(lipgloss.Color(c)), lipgloss.Color(c)), "%s %s looks another in %s", p.Name, c, depth)
			}
			for _, c := range slices.Concat([]string{p.grey, p.accent, p.good, p.warn, p.bad, p.first, p.second, p.third, p.highlighted}, p.servers) {
				enough(c, "", text)
			}
			enough(p.faint, "", graphic)
			for _, c := range []string{p.first, p.second, p.third, p.highlighted} {
				enough(c, p.tint, graphic)
			}
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
				"lines":          {p.first, p.second, p.third},
				"markers":        {p.highlighted, p.second, p.third, p.first, p.faint},
				"axis":           {p.faint, p.first, p.second, p.third},
				"states, toasts": {p.good, p.warn, p.bad, p.accent},
				"heat map":       {p.grey, p.good, p.warn, p.bad},
				"policy map":     {p.servers[0], p.servers[1], p.highlighted},
				"frames":         {p.accent, p.faint},
				"Q-table":        {p.grey, p.highlighted},
				"servers":        p.servers,
			} {
				enough := words
				if picture == "lines" {
					enough = lines
				}
				eachPair(inks, func(a, b string) {
					require.NotEqual(t, a, b, "%s, %s, %s", p.Name, depth, picture)
					if a == "" || b == "" || depth == colorprofile.ANSI {
						return // of the sixteen and of its ordinary text, only the terminal knows what they look like
					}
					x, y := depth.Convert(lipgloss.Color(a)), depth.Convert(lipgloss.Color(b))
					require.Greater(t, distance(x, y), enough, "%s, %s, %s: %s and %s", p.Name, depth, picture, a, b)
				})
			}
		}
	}
}

// Who sees no red, no green or no blue tells them apart as well.
func TestInksAreApartForTheColourBlind(t *testing.T) {
	for i := range palettes {
		p := &palettes[i]
		if p.Name == "ansi" {
			continue
		}
		states := 0.08
		if p.Name == "colourblind" {
			states = 0.15
		}
		for _, picture := range []struct {
			name   string
			inks   []string
			enough float64
		}{
			{"states", []string{p.good, p.warn, p.bad, p.accent}, states},
			{"lines", []string{p.first, p.second, p.third}, 0.1},
			{"servers", p.servers, 0.07},
		} {
			for _, depth := range depths {
				for kind, sees := range blindness {
					eachPair(picture.inks, func(a, b string) {
						x, y := depth.Convert(lipgloss.Color(a)), depth.Convert(lipgloss.Color(b))
						require.Greater(t, distance(sees.of(x), sees.of(y)), picture.enough, "%s, %s, %s: %s and %s, %s", p.Name, depth, kind, a, b, picture.name)
					})
				}
			}
		}
	}
}

// What a server is called by is no state, and has not the focus.
func TestServersDoNotLookLikeStates(t *testing.T) {
	for i := range palettes {
		p := &palettes[i]
		for _, server := range p.servers {
			for _, other := range []string{p.good, p.warn, p.bad, p.accent} {
				require.NotEqual(t, other, server, p.Name)
				if p.Name != "ansi" {
					require.Greater(t, distance(lipgloss.Color(server), lipgloss.Color(other)), 0.06, "%s: %s and %s", p.Name, server, other)
				}
			}
		}
	}
}

// Six servers have a colour each, two where there are sixteen; none has that of a state or of the focus.
func TestServersHaveColoursOfTheirOwn(t *testing.T) {
	for i := range palettes {
		for few, p := range map[bool]*Palette{false: &palettes[i], true: palettes[i].InSixteen()} {
			want := 6
			if few || p.Name == "ansi" {
				want = 2
			}
			th := New(p, "")
			require.Equal(t, want, th.ServersApart(), p.Name)
			require.Equal(t, th.Server(0), th.Server(want), "they repeat")
			for k := range want {
				require.NotContains(t, []Ink{th.Good, th.Warn, th.Bad, th.Key}, th.Server(k), p.Name)
			}
		}
	}
}

func eachPair(inks []string, do func(a, b string)) {
	for n, a := range inks {
		for _, b := range inks[n+1:] {
			do(a, b)
		}
	}
}

// matrix is what is left of the light of a colour, red, green and blue.
type matrix [3][3]float64

// blindness are the three dichromacies: Machado, Oliveira and Fernandes, "A physiologically-based model for
// simulation of color vision deficiency", 2009, severity 1.
var blindness = map[string]matrix{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func (m matrix) of(c color.Color) color.Color {
	r, g, b := linear(c)
	var out [3]uint16
	for i, row := range m {
		v := min(max(row[0]*r+row[1]*g+row[2]*b, 0), 1)
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[i] = uint16(v * 0xffff)
	}
	return color.RGBA64{R: out[0], G: out[1], B: out[2], A: 0xffff}
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
