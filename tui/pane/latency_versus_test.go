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
	s.Events = s.Events[3:] // without a fault
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

// A percentage of two unlike days says nothing of the policies.
func TestUnlikePhasesAreNotCompared(t *testing.T) {
	s := canned.Snapshot(3)
	for _, w := range []int{32, 56, 90} {
		text := ansi.Strip(strings.Join(Versus(sight(s), w), "\n"))
		require.Contains(t, text, "not comparable: faults differ")
		require.NotContains(t, text, "%")
		require.Contains(t, text, "equal terms", "how to compare them all the same")
	}
	s.Events = s.Events[3:]
	require.Contains(t, ansi.Strip(strings.Join(Versus(sight(s), 56), "\n")), "-36%")
	s.Phases[1].Summary.Requests *= 3
	text := ansi.Strip(strings.Join(Versus(sight(s), 56), "\n"))
	require.Contains(t, text, "not comparable: load differs: RR 50, RL 149/s")
	require.NotContains(t, text, "%")
}
