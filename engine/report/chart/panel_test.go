package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPiecesLieBetweenGaps(t *testing.T) {
	gap := math.NaN()
	require.Equal(t, [][2]int{{0, 3}, {4, 6}}, pieces([]float64{1, 2, 3, gap, 5, 6}))
	require.Empty(t, pieces([]float64{gap}))
}
