package pane

import (
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/theme"
)

// Whatever a table has learned, its columns stand and the marks of the best and of the last decision are there.
func TestQCellsKeepTheirWidthAndMarks(t *testing.T) {
	th := theme.New(theme.Named("dark"), "braille")
	visits := uint64(sureFrom)
	cell := func(q float64, best int, decided bool) string {
		return ansi.Strip(qcell(th, &qlearn.Row{Q: []float64{q}, Visits: []uint64{visits}, Best: best}, 0, decided))
	}
	require.Equal(t, " -12.3* ", cell(-12.34, 0, false))
	require.Equal(t, "[-12.3*]", cell(-12.34, 0, true))
	require.Equal(t, " -1.2k* ", cell(-1234.5, 0, false))
	require.Equal(t, "[-1.2k ]", cell(-1234.5, 1, true))
	require.Equal(t, "  -123* ", cell(-123.4, 0, false))
	visits = unsureFrom
	require.Equal(t, " -12.3? ", cell(-12.34, 1, false), "little is known")
	require.Equal(t, " -12.3* ", cell(-12.34, 0, false))
	visits--
	require.Equal(t, "     ·* ", cell(-12.34, 0, false), "nothing yet")
	require.Equal(t, "    [· ]", cell(-12.34, 1, true))
	rapid.Check(t, func(t *rapid.T) {
		visits = rapid.Uint64Range(0, 99).Draw(t, "visits")
		best, decided := rapid.IntRange(0, 1).Draw(t, "best"), rapid.Bool().Draw(t, "decided")
		got := cell(rapid.Float64().Draw(t, "q"), best, decided)
		require.Equal(t, qWidth+1, ansi.StringWidth(got))
		require.Equal(t, best == 0, strings.Contains(got, "*"), got)
		require.Equal(t, decided, strings.HasPrefix(strings.TrimLeft(got, " "), "[") && strings.HasSuffix(got, "]"), got)
	})
}

// Servers beyond an edge are hinted at where they would stand, however little room there is.
func TestServersBeyondTheEdgesAreHintedAt(t *testing.T) {
	shown := regexp.MustCompile(`server(\d+)`)
	for _, view := range Tables()[:2] {
		for w := 36; w <= 200; w++ {
			s := sight(canned.Snapshot(9))
			p := NewQTable(view, "")
			for column := range 9 {
				_, lines := p.Draw(s, w, 12)
				i := 0
				for !strings.Contains(lines[i], "visits") {
					i++
				}
				heading := ansi.Strip(lines[i])
				require.LessOrEqual(t, ansi.StringWidth(heading), w)
				require.Equal(t, column > 0, strings.Contains(heading, "<"), "%d cells: %s", w, heading)
				if ids := shown.FindAllStringSubmatch(heading, -1); len(ids) > 0 { // a narrow heat map shortens them
					last := ids[len(ids)-1][1]
					require.Equal(t, last != "9", strings.Contains(heading, ">"), "%d cells: %s", w, heading)
				}
				p.Press(s, press("l"))
			}
		}
	}
}

// So are loads that the policy map has no room for, and it names both of its servers.
func TestThePolicyMapSaysWhatItLeavesOut(t *testing.T) {
	for w := 36; w <= 120; w++ {
		s, p := sight(canned.Snapshot(3)), NewQTable("policy map", "")
		s.Snap.Policy, s.Server = "q_factored", "server1"
		s.Snap.Servers[0].ID, s.Snap.Servers[1].ID, s.Server = "checkout-service-eu-west-1a", "checkout-service-eu-west-1b", "checkout-service-eu-west-1a"
		s.Place = box.Zoomed
		_, lines := p.Draw(s, w, 20)
		text := ansi.Strip(strings.Join(lines, "\n"))
		require.Regexp(t, `A \S*1a down  B \S*1b across`, text, "%d cells", w)
		for _, line := range strings.Split(text, "\n") {
			require.LessOrEqual(t, ansi.StringWidth(line), w)
			if heading := strings.Fields(line); len(heading) > 1 && heading[0] == "0" && heading[1] == "1" {
				require.Equal(t, !strings.Contains(line, "12-16"), strings.HasSuffix(line, ">"), "%d cells: %s", w, line)
			}
		}
	}
}
