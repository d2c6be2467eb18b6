package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGarbageAllowed(t *testing.T) {
	for live, percent := range map[uint64]int{0: 1600, 1 << 20: 1600, 4 << 20: 1200, 12 << 20: 400, 48 << 20: 100, 1 << 30: 100} {
		require.Equal(t, percent, gcPercent(live), "%d bytes in use", live)
	}
}
