package flow_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/tui/flow"
	"slbtui/tui/theme"
)

func themed(symbols string) *theme.Theme { return theme.New(theme.Named("dark"), symbols) }

// three are servers of which one is slow and one is out.
func three() flow.Picture {
	return flow.Picture{Rate: 50, Policy: "q_factored", Branches: []flow.Branch{
		{Name: "s1", Rate: 31, Busy: 3, Workers: 8, Waiting: 2},
		{Name: "s2", Rate: 19, State: flow.Thinning, Word: "SLOW", Busy: 8, Workers: 8, Notes: []string{"310ms", "slow x5"}},
		{Name: "s3", State: flow.Broken, Word: "EJECTED", Workers: 8},
	}}
}

func ExamplePicture_Draw() {
	p := three()
	for _, line := range p.Draw(themed("ascii"), &flow.Dots{}, 0, 110, 3) {
		fmt.Println(strings.TrimRight(ansi.Strip(line), " "))
	}
	// Output:
	//                                        +=o=====o=>  s1 ######## 31/s ###..... +2
	//  clients =o=== 50/s ==o==> q_factored =+=o=---.o.>  s2 #####    19/s ########    SLOW    310ms
	//                                        +....x       s3           0/s ........    EJECTED
}

// plain are the lines without colours.
func plain(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = ansi.Strip(line)
	}
	return out
}

func TestTheFlowFitsAnywhere(t *testing.T) {
	odd := rapid.SampledFrom([]float64{0, -1, 0.3, 50, 1e9, 1e300, math.Inf(1), math.NaN()})
	rapid.Check(t, func(t *rapid.T) {
		th := themed(rapid.SampledFrom(theme.Symbols()).Draw(t, "symbols"))
		p := flow.Picture{Rate: odd.Draw(t, "rate"), Policy: rapid.SampledFrom([]string{"", "p2c", "日本語の長い名前", strings.Repeat("long", 20)}).Draw(t, "policy")}
		for range rapid.IntRange(0, 12).Draw(t, "branches") {
			p.Branches = append(p.Branches, flow.Branch{
				Name: rapid.SampledFrom([]string{"", "s1", "server12", "日本", strings.Repeat("x", 50)}).Draw(t, "name"), Rate: odd.Draw(t, "branch"),
				State: flow.State(rapid.IntRange(0, 2).Draw(t, "state")), Word: rapid.SampledFrom([]string{"", "EJECTED", "日本"}).Draw(t, "word"),
				Busy: rapid.IntRange(-1, 99).Draw(t, "busy"), Workers: rapid.IntRange(-1, 99).Draw(t, "workers"), Waiting: rapid.IntRange(-1, 9999).Draw(t, "waiting"),
				Notes: []string{"310ms", "err 1%"}, More: "more", Selected: rapid.Bool().Draw(t, "selected"),
			})
		}
		var dots flow.Dots
		at := time.Duration(0)
		for range 5 {
			w, h := rapid.IntRange(-2, 200).Draw(t, "w"), rapid.IntRange(-2, 40).Draw(t, "h")
			lines := p.Draw(th, &dots, at, w, h)
			require.Len(t, lines, max(h, 0))
			if len(p.Branches) > 1 && rapid.Bool().Draw(t, "fewer") {
				p.Branches = p.Branches[1:]
			}
			at += time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond
		}
	})
}

// Up to the smallest pane, names, states and thicknesses are seen; what else there is to say goes first.
func TestWhatMattersIsSeenEverywhere(t *testing.T) {
	for _, w := range []int{38, 58, 78, 118, 158, 198} {
		p := three()
		lines := plain(p.Draw(themed("braille"), &flow.Dots{}, 0, w, 3))
		for i, want := range []string{"s1", "SLOW", "EJECTED"} {
			require.Contains(t, lines[i], want, "%d cells", w)
			require.LessOrEqual(t, ansi.StringWidth(lines[i]), w)
		}
		require.Contains(t, lines[1], "╌", "a branch thins out")
		require.Contains(t, lines[2], "╳", "a branch is broken")
		require.NotContains(t, lines[2], "▶")
		require.Contains(t, lines[1], "▶")
	}
	p := three()
	require.Contains(t, plain(p.Draw(themed("braille"), &flow.Dots{}, 0, 198, 3))[1], "310ms · slow x5")
}

func TestTheThickerTheMore(t *testing.T) {
	p := flow.Picture{Rate: 100, Policy: "p2c", Branches: []flow.Branch{{Name: "a", Rate: 60}, {Name: "b", Rate: 30}, {Name: "c", Rate: 9}, {Name: "d"}}}
	lines := plain(p.Draw(themed("braille"), &flow.Dots{}, 0, 120, 4))
	for i, line := range []string{"━", "─", "╌", "┈"} {
		require.Contains(t, lines[i], line+line)
	}
}

// travelling are the columns of dots in a line.
func travelling(line string) (at []int) {
	for x, r := range []rune(line) {
		if r == '●' {
			at = append(at, x)
		}
	}
	return at
}

func TestDotsTravel(t *testing.T) {
	th, p := themed("braille"), three()
	var dots flow.Dots
	p.Draw(th, &dots, time.Second, 120, 3)
	before := travelling(plain(p.Draw(th, &dots, time.Second, 120, 3))[1])
	require.NotEmpty(t, before)
	after := travelling(plain(p.Draw(th, &dots, time.Second+125*time.Millisecond, 120, 3))[1])
	require.Contains(t, after, before[0]+2, "16 cells a second")
	require.Positive(t, dots.Each())

	// A branch gets as many as it has requests, and one that is broken none.
	counts := [3]int{}
	for i := range 8 * 120 {
		for y, line := range plain(p.Draw(th, &dots, 2*time.Second+time.Duration(i)*125*time.Millisecond, 120, 3)) {
			end := strings.LastIndex(line, "▶")
			if end < 0 {
				end = len(line)
			}
			end = len([]rune(line[:end]))
			for _, x := range travelling(line) {
				if x == end-1 || x == end-2 {
					counts[y]++
				}
			}
		}
	}
	require.Zero(t, counts[2])
	require.InEpsilon(t, 31.0/19, float64(counts[0])/float64(counts[1]), 0.1, "%v", counts)
}

// Where nothing moves, the picture is the same at all times, however the rates waver.
func TestDotsStandStill(t *testing.T) {
	th, p := themed("braille"), three()
	var dots flow.Dots
	first := p.Draw(th, &dots, 0, 120, 3)
	require.NotEmpty(t, travelling(plain(first)[0]))
	require.Equal(t, first, p.Draw(th, &dots, 0, 120, 3))
	for i := range p.Branches {
		p.Branches[i].Rate *= 1.01
	}
	for y, line := range plain(p.Draw(th, &dots, 0, 120, 3)) {
		require.Equal(t, travelling(plain(first)[y]), travelling(line))
	}
	require.Zero(t, dots.Each())
	p.Draw(th, &dots, time.Second, 120, 3)
	require.Equal(t, travelling(plain(first)[0]), travelling(plain(p.Draw(th, &dots, 0, 120, 3))[0]), "motion was switched off")
}

// However high the rate, few dots set off in a second; and one stands for a round number of requests.
func TestDotsAreASample(t *testing.T) {
	th := themed("braille")
	for rate, want := range map[float64]float64{0.5: 1, 3: 1, 8: 2, 20: 5, 40: 10, 50: 20, 2000: 500, 123_456: 50_000} {
		p := flow.Picture{Rate: rate, Policy: "p2c", Branches: []flow.Branch{{Name: "a", Rate: rate}}}
		var dots flow.Dots
		p.Draw(th, &dots, time.Second, 120, 1)
		require.Equal(t, want, dots.Each(), "%v/s", rate)
	}
}
