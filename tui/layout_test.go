package tui

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// drawing shows a layout as a map, one character for 8x4 cells of screen.
func drawing(w, h int, focus paneID, zoomed bool, servers int) string {
	l := arrange(w, h, focus, zoomed, servers, false)
	var rows []string
	for y := range (h + 3) / 4 {
		row := ""
		for x := range (w + 7) / 8 {
			mark := "."
			for id, r := range l.panes {
				if px, py := x*8+4, min(y*4+2, h-2); px >= r.x && px < r.x+r.w && py >= r.y && py < r.y+r.h {
					mark = string(rune('1' + id))
				}
			}
			row += mark
		}
		rows = append(rows, row)
	}
	return "\n" + strings.Join(rows, "\n") + "\n"
}

func TestLayouts(t *testing.T) {
	require.Equal(t, `
1111112222
1111112222
1111112222
3333335555
3333335555
4444444444
`, drawing(80, 24, paneServers, false, 3))
	require.Equal(t, `
111111122222222
111111122222222
111111122222222
333333322222222
333333322222222
333333344444444
333333344444444
333333344444444
333333355555555
333333355555555
`, drawing(120, 40, paneServers, false, 3))
	require.Equal(t, `
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
3333333332222222222555555
3333333332222222222555555
3333333332222222222555555
3333333332222222222555555
3333333334444444444555555
3333333334444444444555555
3333333334444444444555555
3333333334444444444555555
3333333334444444444555555
3333333334444444444555555
`, drawing(200, 60, paneServers, false, 3))
	require.Equal(t, `
33333
33333
33333
`, drawing(40, 10, paneQTable, false, 3))
}
