package tour_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/theme"
	"slbtui/tui/tour"
)

// The strip is as wide as the screen, whatever was done and with whatever it is drawn.
func TestTheStripFillsItsLine(t *testing.T) {
	for _, symbols := range theme.Symbols() {
		s := canned.Snapshot(3)
		var walk tour.Tour
		for _, did := range []func(){
			func() {},
			func() { s.At += 10 * time.Second },
			func() { s.Servers[0].Fault = fault.Fault{Slow: 5} },
			func() { s.WhatIf = &live.WhatIf{} },
			func() { s.Policy, s.RL = "q_factored", "q_factored" },
		} {
			did()
			require.False(t, walk.Look(s))
			for w := range 250 {
				require.Equal(t, w, ansi.StringWidth(walk.Line(&box.Sight{Snap: s, Theme: theme.New(theme.Named("dark"), symbols)}, w)))
			}
		}
		s.At += time.Minute
		require.True(t, walk.Look(s), "it is over some time after the last step")
	}
}

func TestATourNeedsWhatItShows(t *testing.T) {
	s := canned.Snapshot(3)
	sight := &box.Sight{Snap: s}
	require.True(t, tour.Possible(sight))
	for i := range s.Servers {
		s.Servers[i].Simulated = false
	}
	require.False(t, tour.Possible(sight), "no server can be slowed down")
	require.False(t, tour.Possible(&box.Sight{Snap: canned.Snapshot(3), ReadOnly: true}))
	require.False(t, tour.Possible(&box.Sight{Snap: &live.Snapshot{Load: live.Load{Enabled: true}}}), "there is no learner")
}
