package garbage

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGarbageAllowed(t *testing.T) {
	for live, percent := range map[uint64]int{0: 600, 1 << 20: 600, 6 << 20: 400, 12 << 20: 200, 24 << 20: 100, 1 << 30: 100} {
		require.Equal(t, percent, gcPercent(live), "%d bytes in use", live)
	}
}
