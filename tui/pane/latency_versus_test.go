package pane

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

func TestAClassicalPolicyIsComparedWithRoundRobinToo(t *testing.T) {
	s := canned.Snapshot(3)
	last := &s.Phases[len(s.Phases)-1]
	last.Policy, last.Learner, last.WarmStart = "p2c", false, false
	s.Policy = "p2c"
	rows := strings.Join(Versus(sight(s), 60), "\n")
	require.Contains(t, rows, "p2c ")
	require.Contains(t, rows, "change")
	require.NotContains(t, rows, "has not routed yet")
}

func TestAPhaseThatStoodStillIsNotCompared(t *testing.T) {
	for _, test := range []struct {
		phase int
		want  string
	}{{0, " not comparable: RR stood still for 12s"}, {1, " not comparable: RL stood still for 12s"}} {
		s := canned.Snapshot(3)
		before := Versus(sight(s), 32)
		s.Phases[test.phase].StoodStill = 12 * time.Second
		rows := Versus(sight(s), 32)
		require.Len(t, rows, len(before), "the pane keeps its height")
		text := ansi.Strip(strings.Join(rows, "\n"))
		require.Contains(t, text, test.want[:32])
		require.NotContains(t, text, "%")
	}
}
