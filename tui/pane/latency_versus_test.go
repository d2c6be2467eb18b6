package pane

import (
	"strings"
	"testing"

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
