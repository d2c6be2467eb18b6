package tui

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

func TestPanesAreHiddenAndShown(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	commanded(t, m, "hide 5")
	require.NotContains(t, plain(m), "5 Events")
	require.Contains(t, plain(m), "events is hidden; :show 5 brings it back")
	m.Update(press("5"))
	require.NotEqual(t, paneEvents, m.focus)
	require.True(t, m.toast.bad)
	m.Update(press("4"))
	m.Update(press("tab"))
	require.Equal(t, paneFlow, m.focus, "tab goes past it")
	m.Update(press("shift+tab"))
	require.Equal(t, paneLearning, m.focus)

	commanded(t, m, "hide learning")
	require.Equal(t, paneFlow, m.focus, "the hidden one had the focus")
	for _, rest := range []string{"servers", "latency", "q-table"} {
		commanded(t, m, "hide "+rest)
	}
	commanded(t, m, "hide flow")
	require.Contains(t, plain(m), "one pane has to stay")
	require.Contains(t, plain(m), "6 Flow")
	commanded(t, m, "show q")
	require.Contains(t, plain(m), "3 Q-table")
	commanded(t, m, "show")
	m.Update(press("1"))
	for id := range paneFlow {
		require.Contains(t, plain(m), fmt.Sprintf("%d %s", id+1, m.title(id)))
	}
}

func TestPanesAreHiddenFromTheStart(t *testing.T) {
	m := console(canned.Snapshot(3), 200, 60, Options{Hidden: "servers flow"})
	require.NotContains(t, plain(m), "1 Servers")
	require.NotContains(t, plain(m), "6 Flow")
	require.Equal(t, paneLatency, m.focus)
	m = console(canned.Snapshot(3), 40, 10, Options{Hidden: "servers flow"})
	require.Contains(t, plain(m), " [2 Latency] 3 Q-t 4 Lea 5 Eve ")
	x, y := at(t, m, "4 Lea")
	m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	require.Equal(t, paneLearning, m.focus)
	m = console(canned.Snapshot(3), 80, 24, Options{Hidden: "servers latency q-table learning events flow"})
	require.Contains(t, plain(m), "1 Servers", "all of them would be too much")
	m = console(canned.Snapshot(3), 80, 24, Options{Hidden: "pie servers"})
	require.NotContains(t, plain(m), "1 Servers")
}

// On a small screen the flow comes with its key, and goes when another pane is looked at.
func TestFlowComesWithItsKey(t *testing.T) {
	for _, size := range []struct {
		w, h  int
		there bool
	}{{80, 24, false}, {120, 40, false}, {159, 60, false}, {160, 24, false}, {160, 30, true}, {200, 60, true}} {
		m := console(canned.Snapshot(3), size.w, size.h, Options{})
		shows := func() bool { _, ok := m.shown(paneFlow); return ok }
		require.Equal(t, size.there, shows(), "%v", size)
		m.Update(press("6"))
		require.True(t, shows(), "%v", size)
		require.Contains(t, plain(m), "q_learning ━")
		m.Update(press("2"))
		require.Equal(t, size.there, shows(), "%v", size)
	}
}

// shown tells where a pane is, if anywhere.
func (m *Model) shown(id paneID) (rect, bool) {
	l := m.layout()
	return l.panes[id], l.panes[id].w > 0
}

// frames shows so many frames of a run, an eighth of a second apart.
func frames(m *Model, n int) {
	for range n {
		m.Update(frameMsg{at: m.now.Add(time.Second / defaultFPS), snap: m.latest})
	}
}

func TestWhatMovesStandsStillWhenItMust(t *testing.T) {
	moves := func(m *Model) bool {
		frames(m, 2)
		before := plain(m)
		frames(m, 1)
		return plain(m) != before
	}
	wide := func(o Options) *Model { return console(canned.Snapshot(3), 200, 60, o) }
	require.True(t, moves(wide(Options{})))
	require.False(t, moves(wide(Options{NoMotion: true})))
	require.False(t, moves(console(canned.Snapshot(3), 120, 40, Options{})), "only the flow does")

	m := wide(Options{})
	commanded(t, m, "motion off")
	frames(m, 8*5) // what was said of it is gone
	require.False(t, moves(m))
	commanded(t, m, "motion on")
	require.True(t, moves(m))

	busy := canned.Snapshot(3)
	busy.Load.Lagging = true
	require.False(t, moves(console(busy, 200, 60, Options{})), "the machine is too busy")

	m.Update(press("space"))
	frames(m, 2)
	was := m.sightOf(paneFlow).Moment
	frames(m, 2)
	require.Equal(t, was, m.sightOf(paneFlow).Moment, "frozen")
}

// Frames that cost too much, one after the other, hold what moves for a while; a single one does not.
func TestDearFramesHoldWhatMoves(t *testing.T) {
	c := motion{}
	c.step(canned.Epoch)
	c.step(canned.Epoch.Add(time.Second / 8))
	c.drawn(4 * dearFrame)
	require.NotZero(t, c.moment())
	for range 60 {
		c.drawn(2 * dearFrame)
	}
	require.Zero(t, c.moment())
	for i := range calmFor {
		c.step(canned.Epoch.Add(time.Duration(i+2) * time.Second / 8))
		c.drawn(dearFrame / 5)
	}
	require.NotZero(t, c.moment(), "it tries again")
	before := c.moment()
	c.step(canned.Epoch.Add(time.Hour))
	require.Equal(t, before, c.moment(), "a pause is no motion")
}
