package dialog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
)

func TestListChooses(t *testing.T) {
	s := sight(canned.Snapshot(3))
	l := AskPolicy(s).Open.(*List)
	require.Equal(t, "Who routes?", l.Title(s))
	require.Equal(t, 3, l.at, "who routes now")
	for _, move := range []struct {
		key string
		at  int
	}{{"j", 4}, {"down", 0}, {"k", 4}, {"g", 0}, {"G", 4}, {"tab", 0}, {"x", 0}, {"9", 0}} {
		require.Equal(t, box.Act{}, l.Press(s, key(move.key)), move.key)
		require.Equal(t, move.at, l.at, move.key)
	}
	require.Equal(t, box.Act{Close: true, Command: live.SetPolicy{Name: "round_robin"}}, l.Press(s, key("enter")))
	require.Equal(t, box.Act{Close: true, Command: live.SetPolicy{Name: "p2c"}}, l.Press(s, key("3")))
	require.Equal(t, box.Act{Close: true}, l.Press(s, key("q")))

	l = AskLearner(s).Open.(*List)
	require.Equal(t, box.Act{Close: true, Command: live.SetLearner{Name: "q_factored"}}, l.Press(s, key("2")))
	require.Equal(t, box.Complain("the engine names no policies yet"), AskPolicy(sight(&live.Snapshot{})))
}

func TestOnlyWhatCanBePlayedIsOffered(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.Snap.Scenario = canned.Slow5x(0)
	l := AskScenario(s).Open.(*List)
	require.Len(t, l.Items, 3)
	require.Equal(t, box.Act{Close: true, Command: live.PlayScenario{Name: "slow5x"}}, l.Press(s, key("enter")), "the one being played")
	s.Snap.Scenarios = []live.ScenarioInfo{{Name: "slow5x", Refused: "a scenario needs the built-in load"}}
	require.Equal(t, box.Complain("a scenario needs the built-in load"), AskScenario(s))
	require.Equal(t, box.Complain("the engine names no scenarios yet"), AskScenario(sight(&live.Snapshot{})))
}
