package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/words"
)

func TestFilterAndStep(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(12), "/", "r", "1", "enter") // server1, server10, server11, server12
	require.Len(t, m.shownServers(), 4)
	for _, step := range []struct{ key, want string }{{"n", "server10"}, {"n", "server11"}, {"N", "server10"}, {"N", "server1"}, {"N", "server12"}, {"n", "server1"}, {"G", "server12"}, {"k", "server11"}} {
		m.Update(press(step.key))
		require.Equal(t, step.want, m.selected, step.key)
	}
	m.Update(press("esc"))
	require.Len(t, m.shownServers(), 12)
	require.Equal(t, "server11", m.selected)

	m, _ = typed(t, canned.Snapshot(12), "/", "z", "z", "z")
	require.Contains(t, plain(m), `nothing contains "zzz"`)
	m.Update(press("esc"))
	require.NotContains(t, plain(m), "nothing contains", "esc gives up the filter")

	m = console(canned.Snapshot(3), 80, 24, Options{})
	for _, k := range []string{"3", "/", "h", "i", "g", "h", ",", "enter"} {
		m.Update(press(k))
	}
	require.Less(t, len(m.qrows(m.learner())), 12)
	m.Update(press("n"))
	require.Equal(t, 1, m.scroll[paneQTable])
	m.Update(press("N"))
	m.Update(press("N"))
	require.Positive(t, m.scroll[paneQTable], "around the end")

	m, _ = typed(t, canned.Snapshot(3), "2", "/")
	require.Nil(t, m.dialog())
	require.Contains(t, plain(m), "nothing to search here")
}

func TestHelpIsSearched(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "?", "/", "e", "p", "s", "i", "x", "backspace")
	require.Contains(t, plain(m), "epsilon (exploration)")
	require.NotContains(t, plain(m), "choose any policy")
	m.Update(press("enter"))
	m.Update(press("j"))
	require.IsType(t, &help{}, m.dialog())
}

func TestFilterFindsWhatIsWritten(t *testing.T) {
	require.True(t, box.Filter("md").Lets(words.Briefer.Replace("(low, medium)")))
	m := console(canned.Snapshot(3), 80, 24, Options{})
	all := len(m.snap.Servers)
	m.filter(paneServers, "7.0.0")
	require.Len(t, m.shownServers(), all, "an address is found by what looks like one")
	m.filter(paneServers, "127")
	require.Empty(t, m.shownServers())
}
