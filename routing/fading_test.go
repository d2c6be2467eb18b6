package routing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFadingAverage(t *testing.T) {
	var f FadingAverage
	require.Zero(t, f.At(time.Hour))

	f.Add(0, 100)
	f.Add(0, 200)
	require.InDelta(t, 150, f.At(0), 1e-9)
	require.InDelta(t, 75, f.At(ResponseHalfLife), 1e-9, "an abandoned server recovers")
	require.InDelta(t, 150, f.At(-time.Second), 1e-9, "a clock read a little early")

	f.Add(ResponseHalfLife, 50) // the two before now weigh a half each
	require.InDelta(t, (50+100+50)/2.0, f.At(ResponseHalfLife), 1e-9)
}

func TestFadingAverageForgets(t *testing.T) {
	var f FadingAverage
	f.Add(0, 1000)
	for i := range 10 {
		f.Add(time.Duration(i)*ResponseHalfLife, 10)
	}
	require.InDelta(t, 10, f.At(9*ResponseHalfLife), 2)
	f.Add(1<<62, 20) // all earlier weights underflow
	require.InDelta(t, 20, f.At(1<<62), 1e-9)
}

// A refusal says nothing of times: the average neither falls by it nor fades.
func TestFadingAverageHolds(t *testing.T) {
	var a, b FadingAverage
	a.Add(0, 80)
	a.Hold(ResponseHalfLife)
	require.InDelta(t, 80, a.At(ResponseHalfLife), 1e-9)
	require.InDelta(t, 40, a.At(2*ResponseHalfLife), 1e-9)
	a.Add(ResponseHalfLife, 20)
	require.InDelta(t, 40, a.At(ResponseHalfLife), 1e-9, "what was before weighs half")
	b.Hold(time.Second)
	require.Zero(t, b.At(time.Second))
}
