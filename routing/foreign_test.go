package routing

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestForeignLoadFades(t *testing.T) {
	f := NewForeignLoad(2)
	require.Equal(t, 1.0, f.Unheard(), "all of the mean is yet to be told")
	require.Equal(t, []float64{0, 0}, f.At(time.Second, nil), "nobody has told anything yet")

	f.Report(time.Second, []int{20, 0, 7})
	require.Equal(t, []float64{20, 0}, f.At(time.Second, nil), "a fresh report is believed")
	later := f.At(time.Second+foreignFresh, nil)
	require.InDelta(t, 1.4+18.6/math.E, later[0], 1e-9)
	require.InDelta(t, 1.4, f.At(2*time.Second, later[:0])[0], 1e-9, "an old one is one of many")
	require.InDelta(t, 0.93, f.Unheard(), 1e-9)
	require.Equal(t, 20.0, f.At(0, nil)[0], "of the future: as fresh as can be")

	for i := range 200 {
		f.Report(time.Duration(i)*time.Second, []int{10, 4})
	}
	require.InDeltaSlice(t, []float64{10, 4}, f.At(time.Hour, nil), 1e-2)
	require.InDelta(t, 0, f.Unheard(), 1e-5)
}
