package command

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
)

// hold presses a key of the rate over and over, until it no longer moves the rate.
func hold(s *box.Sight, d Direction) (rate float64, last box.Act) {
	for {
		last = ChangeRate(s, d)
		to, ok := last.Command.(live.SetRate)
		if !ok {
			return s.Snap.Load.Rate, last
		}
		s.Snap.Load.Rate = to.Rate
	}
}

func TestHeldKeysStopAtAGuardAndAtTheEnds(t *testing.T) {
	s := sight(canned.Snapshot(3))
	for _, guard := range []float64{500, 5000, 50_000} {
		rate, last := hold(s, Up)
		require.InDelta(t, guard, rate, 0)
		asked, ok := last.Open.(*dialog.Confirm)
		require.True(t, ok, "it asks")
		s.Snap.Load.Rate = asked.Command.(live.SetRate).Rate
		require.Greater(t, s.Snap.Load.Rate, guard)
	}
	rate, last := hold(s, Up)
	require.InDelta(t, live.MaxRate, rate, 0)
	require.Equal(t, box.Complain("the rate stays within 1-100000 requests/s"), last)
	rate, last = hold(s, Down)
	require.InDelta(t, 1, rate, 0)
	require.True(t, last.Bad, "no order that changes nothing")
}
