package pane

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
	"slbtui/tui/theme"
)

func TestTrafficIsSharedOut(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.Window = time.Minute
	bands := shareBands(s, s.Seconds())
	require.Len(t, bands, 3)
	require.Equal(t, "server2", bands[1].name)
	require.Equal(t, string(s.Theme.Server(1)), bands[1].Style)

	s = sight(canned.Snapshot(100))
	s.Window = time.Minute
	for k := range s.Snap.Seconds {
		s.Snap.Seconds[k].Servers[41].Requests = 500
	}
	bands = shareBands(s, s.Seconds())
	require.Len(t, bands, 8)
	last := bands[len(bands)-1]
	require.Equal(t, "93 others", last.name)
	names, sum := []string{}, 0.0
	for _, b := range bands {
		names = append(names, b.name)
		sum += b.latest
	}
	require.Contains(t, strings.Join(names, " "), "42", "the busiest stands alone")
	require.InDelta(t, 1, sum, 0.02)
}

// What happened at one time stands in one column of both charts.
func TestChartsOfALatencyPaneAgreeOnTime(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), NewLatency("")
	s.Window = time.Minute
	for _, w := range []int{48, 58, 76, 110, 190} {
		var axes []string
		for _, line := range strings.Split(drawn(p, s, w, 34), "\n") {
			if strings.Contains(line, "F") && strings.Contains(line, "+") && strings.Contains(line, "--") {
				axes = append(axes, line)
			}
		}
		require.Len(t, axes, 2, "%d cells", w)
		for _, mark := range "FHPC!L" {
			require.Equal(t, strings.IndexRune(axes[0], mark), strings.IndexRune(axes[1], mark), "%c at %d cells", mark, w)
		}
	}
}

// Without colours every band has a filling of its own, and the line above says whose it is.
func TestTrafficIsReadWithoutColours(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.Theme, s.Window = theme.New(theme.Named("dark").Colourless(), "braille"), time.Minute
	lines := (&shares{}).draw(s, s.Seconds(), 76, 9, sharedMargins(76))
	require.Contains(t, ansi.Strip(lines[0]), "█ server1 9%  ▓ server2 50%  ▒ server3 41%")
	for _, fill := range []string{"█", "▓", "▒"} {
		require.Contains(t, ansi.Strip(strings.Join(lines[1:], "\n")), fill+fill+fill)
	}
	s.Theme = theme.New(theme.Named("dark"), "braille")
	lines = (&shares{}).draw(s, s.Seconds(), 76, 9, sharedMargins(76))
	require.Contains(t, ansi.Strip(strings.Join(lines, "\n")), " server2 50%")
}
