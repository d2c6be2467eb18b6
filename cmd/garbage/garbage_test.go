package garbage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGarbageAllowed(t *testing.T) {
	for live, percent := range map[uint64]int{0: 600, 1 << 20: 600, 6 << 20: 400, 12 << 20: 200, 24 << 20: 100, 1 << 30: 100} {
		require.Equal(t, percent, gcPercent(live, mostSpare), "%d bytes in use", live)
	}
	require.Equal(t, 100, gcPercent(5<<20, leastSpare))
}

func TestMoreGarbageIsAllowedWhereItComesFast(t *testing.T) {
	spare := uint64(leastSpare)
	for range 5 {
		spare = nextSpare(spare, 50*time.Millisecond)
	}
	require.EqualValues(t, mostSpare, spare)
	require.EqualValues(t, mostSpare, nextSpare(spare, 2*time.Second), "neither too often nor calm")
	for range 5 {
		spare = nextSpare(spare, time.Minute)
	}
	require.EqualValues(t, leastSpare, spare)
}
