package simulate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColdPart(t *testing.T) {
	require.Equal(t, []int{0, 200, 2000, 2000}, []int{Cold(4), Cold(1000), Cold(10_000), Cold(100_000)})
}
