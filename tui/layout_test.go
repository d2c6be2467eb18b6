package tui

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// drawing shows a layout as a map, one character for 8x4 cells of screen.
func drawing(w, h int, focus paneID, zoomed bool, servers int) string {
	l := arrange(extent{w: w, h: h, focus: focus, zoomed: zoomed, servers: servers})
	return mapped(&l, w, h)
}

func mapped(l *layout, w, h int) string {
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
333333322222222
333333344444444
333333344444444
333333355555555
333333355555555
`, drawing(120, 40, paneServers, false, 3))
	require.Equal(t, `
6666666666666666666666666
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
1111111112222222222555555
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
	require.Equal(t, `
1111112222
1111112222
1111112222
6666666666
6666666666
4444444444
`, drawing(80, 24, paneFlow, false, 3), "the flow is there while it has the focus")
	require.Equal(t, `
666666666666666
111111122222222
111111122222222
111111122222222
333333322222222
333333322222222
333333344444444
333333344444444
333333355555555
333333355555555
`, drawing(120, 40, paneFlow, false, 3))
}

// What hidden panes leave is their neighbours'.
func TestLayoutsWithHiddenPanes(t *testing.T) {
	hide := func(ids ...paneID) (hidden paneSet) {
		for _, id := range ids {
			hidden[id] = true
		}
		return hidden
	}
	for _, test := range []struct {
		hidden paneSet
		w, h   int
		focus  paneID
		want   string
	}{
		{hide(paneEvents), 80, 24, paneServers, `
1111112222
1111112222
1111112222
3333333333
3333333333
4444444444
`},
		{hide(paneQTable, paneEvents), 80, 24, paneServers, `
1111112222
1111112222
1111112222
1111112222
4444444444
4444444444
`},
		{hide(paneServers, paneQTable), 120, 40, paneLatency, `
222222222222222
222222222222222
222222222222222
222222222222222
222222222222222
222222222222222
444444444444444
444444444444444
555555555555555
555555555555555
`},
		{hide(paneServers, paneLatency, paneQTable, paneLearning, paneEvents), 80, 24, paneFlow, `
6666666666
6666666666
6666666666
6666666666
6666666666
6666666666
`},
	} {
		l := arrange(extent{w: test.w, h: test.h, focus: test.focus, hidden: test.hidden, servers: 3})
		require.Equal(t, test.want, mapped(&l, test.w, test.h), test.hidden.names())
	}
}
