package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/loadgen"
)

// A load that stood still marks the phase of then, and says so; the next phase is clean.
func TestAGapMarksThePhase(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	e.load.stoodStill(loadgen.Gap{Start: time.Second, End: 13 * time.Second, Missed: 600})
	do(t, e, live.SetPolicy{Name: "p2c"})
	s := e.Snapshot()
	require.Equal(t, 12*time.Second, s.Phases[0].StoodStill)
	require.Zero(t, s.Phases[1].StoodStill)
	require.Contains(t, texts(s, "warning"), "stood still for 12.0 s: 600 requests due in it were not sent, and this phase is not comparable")
}

// A pause in which nothing was in flight has lost nothing.
func TestAGapInAPauseMarksNothing(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	do(t, e, live.SetPaused{Paused: true})
	require.Eventually(t, func() bool { return e.load.generator.Stats().InFlight == 0 }, time.Minute, time.Millisecond)
	e.load.stoodStill(loadgen.Gap{Start: time.Second, End: 13 * time.Second})
	do(t, e, live.SetRate{Rate: 100})
	require.Zero(t, e.Snapshot().Phases[0].StoodStill)
}
