package theme

import (
	"math"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBars(t *testing.T) {
	fine, coarse := New(&palettes[0], "braille"), New(&palettes[0], "ascii")
	for _, test := range []struct {
		part         float64
		fine, coarse string
	}{
		{0, "    ", "    "}, {0.001, "▏   ", "#   "}, {0.25, "█   ", "#   "}, {0.3, "█▎  ", "#   "}, {0.4, "█▋  ", "##  "}, {1, "████", "####"}, {7, "████", "####"}, {-1, "    ", "    "}, {math.NaN(), "    ", "    "},
	} {
		require.Equal(t, test.fine, fine.Bar(test.part, 4), "%v", test.part)
		require.Equal(t, test.coarse, coarse.Bar(test.part, 4), "%v", test.part)
	}
	rapid.Check(t, func(t *rapid.T) {
		th := New(&palettes[0], rapid.SampledFrom(Symbols()).Draw(t, "symbols"))
		w := rapid.IntRange(-2, 50).Draw(t, "w")
		require.Equal(t, max(w, 0), ansi.StringWidth(th.Bar(rapid.Float64().Draw(t, "part"), w)))
	})
}

func TestSlots(t *testing.T) {
	th := New(&palettes[0], "ascii")
	for _, test := range []struct {
		busy, workers, w int
		want             string
	}{{3, 8, 8, "###....."}, {0, 8, 8, "........"}, {9, 8, 8, "########"}, {-1, 2, 8, ".."}, {1, 100, 8, "#......."}, {50, 100, 8, "####...."}, {1, 0, 8, ""}, {1, 8, 0, ""}} {
		busy, vacant := th.Slots(test.busy, test.workers, test.w)
		require.Equal(t, test.want, busy+vacant, "%v", test)
	}
}

// Colours tell areas apart where there are any, fillings where there are none or few characters.
func TestAreasAreFilledWhereColoursDoNotTell(t *testing.T) {
	require.Zero(t, New(&palettes[0], "braille").Fill(1))
	for _, th := range []*Theme{New(palettes[0].Colourless(), "braille"), New(&palettes[0], "ascii")} {
		for n := range Shades {
			require.NotZero(t, th.Fill(n))
			require.NotEqual(t, th.Fill(n), th.Fill(n+1))
		}
	}
}
