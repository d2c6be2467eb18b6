package pane

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func TestSteering(t *testing.T) {
	snap := canned.Snapshot(3)
	snap.Steering = &live.Steering{By: "socket", Process: "HAProxy 2.6.12, process 77", Servers: []live.SteeredServer{
		{ID: "server1", Has: 100, Weight: 100, Why: "52 ms a request, 4 at once"},
		{ID: "server2", Has: 100, Weight: 31, MaxConn: 4, Why: "231 ms a request, 4 at once, 3.1 times its usual"},
		{ID: "server3", Has: -1, Weight: -1, Why: "learning: 7 of 150 measurements"},
	}}
	s := sight(snap)
	s.Server = "server2"
	text := func(w, h int) string {
		aside, lines := Learning{}.Draw(s, w, h)
		require.LessOrEqual(t, len(lines), h)
		for _, l := range lines {
			require.LessOrEqual(t, ansi.StringWidth(l), w, l)
		}
		return ansi.Strip(aside + "\n" + strings.Join(lines, "\n"))
	}
	require.Equal(t, "Steering", Learning{}.Title(s))
	all := text(90, 20)
	require.Contains(t, all, "process 77")
	require.Contains(t, all, "weights are set by HAProxy's socket")
	require.Contains(t, all, "server2  100   31  231 ms a request, 4 at once, 3.1 times its usual; maxconn 4")
	require.Contains(t, all, "server3    -    -  learning: 7 of 150 measurements")
	require.Contains(t, all, "epsilon")
	require.NotContains(t, text(90, 5), "epsilon")

	small := text(78, 2)
	require.Contains(t, small, "weights  server1 100  server2 31  server3 -")
	require.Contains(t, small, "server2: 231 ms a request")
	snap.Steering.Problem = "no line\x1b[2J of a log"
	for _, size := range [][2]int{{78, 2}, {90, 20}, {10, 8}, {1, 1}} {
		require.NotContains(t, text(size[0], size[1]), "\x1b")
	}
	require.Contains(t, text(78, 2), "no line")
	require.Empty(t, ansi.Strip(phaseRow(s, "RR", nil, nil)), "nobody else will route")
}
