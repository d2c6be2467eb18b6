package dialog

import (
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/theme"
)

func sight(snap *live.Snapshot) *box.Sight {
	return &box.Sight{Snap: snap, Latest: snap, Theme: theme.New(theme.Named("dark"), "ascii"), Server: "server1"}
}

func TestConfirm(t *testing.T) {
	s := sight(canned.Snapshot(3))
	c, ok := AskReset(s).Open.(*Confirm)
	require.True(t, ok)
	require.Equal(t, "Reset q_learning?", c.Title(s))
	for k, want := range map[string]box.Act{
		"y": {Close: true, Command: live.ResetLearner{Name: "q_learning"}}, "n": {Close: true}, "q": {Close: true}, "x": {},
	} {
		require.Equal(t, want, c.Press(s, tea.KeyPressMsg{Code: rune(k[0]), Text: k}), k)
	}
	require.Equal(t, box.Complain("there is no learner to reset"), AskReset(sight(&live.Snapshot{})))
}

func TestOnlySimulatedServersAreStopped(t *testing.T) {
	s := sight(canned.Snapshot(3))
	require.Equal(t, live.SetFault{Server: "server1", Fault: fault.Fault{Crash: true}}, AskStop(s).Open.(*Confirm).Command)
	s.Snap.Servers[0].Simulated = false
	require.Contains(t, AskStop(s).Say, "server1 is not simulated")
	s.Server = ""
	require.Equal(t, box.Complain("no server is selected"), AskStop(s))
}
