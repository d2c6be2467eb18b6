package routing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSettleAfter(t *testing.T) {
	const ms = time.Millisecond
	for firstByte, want := range map[time.Duration]time.Duration{
		-time.Second: 250 * ms, 0: 250 * ms, 50 * ms: 250 * ms, 83 * ms: 250 * ms, 84 * ms: 252 * ms, 2 * time.Second: 6 * time.Second,
	} {
		require.Equal(t, want, SettleAfter(firstByte), "%v", firstByte)
	}
}
