package chart

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func TestCut(t *testing.T) {
	small := writing(9, ink, false)
	require.Equal(t, "short", cut(small, "short", 100))
	long := strings.Repeat("long ", 100)
	short := cut(small, long, 100)
	require.True(t, strings.HasPrefix(short, "long long") && strings.HasSuffix(short, "..."))
	require.LessOrEqual(t, small.Width(short), vg.Length(100))
}

func TestPNGHasTheSizeOfTheChart(t *testing.T) {
	chart := Chart{Keys: []Key{{Name: "a line"}}, Height: 100, Panels: []Panel{{X: Axis{Max: 1}, Y: Axis{Max: 1}}, {X: Axis{Max: 1}, Y: Axis{Max: 1}}}}
	var b bytes.Buffer
	require.NoError(t, PNG(&b, chart))
	config, err := png.DecodeConfig(&b)
	require.NoError(t, err)
	width, height := chart.size()
	require.InDelta(t, width.Points()*chartDPI/72, config.Width, 1)
	require.InDelta(t, height.Points()*chartDPI/72, config.Height, 1)
}
