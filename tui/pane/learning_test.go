package pane

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func TestLearningByRoom(t *testing.T) {
	s := sight(canned.Snapshot(3))
	for _, size := range []struct {
		w, h  int
		shows []string
		not   string
	}{
		{78, 2, []string{"0.10", "rate 50", "faults server1"}, "tries at random"},
		{78, 7, []string{"tries at random", "reward"}, "|d"},
		{78, 18, []string{"reward: -1 for each 10 ms", "T chooses another"}, "\x00"},
	} {
		_, lines := Learning{}.Draw(s, size.w, size.h)
		text := ansi.Strip(strings.Join(lines, "\n"))
		for _, word := range size.shows {
			require.Contains(t, text, word, "%v", size)
		}
		require.NotContains(t, text, size.not)
	}
	s.ReadOnly = true
	_, lines := Learning{}.Draw(s, 78, 18)
	require.NotContains(t, ansi.Strip(strings.Join(lines, "\n")), "T chooses", "no key that is refused")
	_, lines = Learning{}.Draw(sight(&live.Snapshot{}), 78, 18)
	require.Contains(t, ansi.Strip(strings.Join(lines, "\n")), "no learner yet")
	require.True(t, ptr(Learning{}.Press(s, press("j"))).Nothing())
}
