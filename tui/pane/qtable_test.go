package pane

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
	"slbtui/tui/words"
)

func TestHeatIsLogarithmic(t *testing.T) {
	h := newHeat([]qlearn.Row{{Q: []float64{-1, -1000, -99}, Visits: []uint64{1, 1, 0}}})
	require.Equal(t, 0, h.shade(-1))
	require.Equal(t, 3, h.shade(-1000))
	require.Equal(t, 2, h.shade(-50))
	require.Equal(t, 0, newHeat(nil).shade(-5))
}

func qtable() *QTable {
	return NewQTable("", "")
}

func TestQTableOrders(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), qtable()
	l := words.Learner(s.Snap)
	ids := func() (out []int) {
		for _, r := range p.rows(l) {
			out = append(out, r.ID)
		}
		return out
	}
	require.Equal(t, []int{0, 1, 2, 3}, ids()[:4], "by visits")
	require.Equal(t, p.rows(l), MostUsed(l))
	act := p.Press(s, press("o"))
	require.Equal(t, box.Act{Keep: box.Preference{Name: "sort", Value: "value"}, Say: "Q-table sorted by value"}, act)
	require.Equal(t, []int{0, 1}, ids()[:2])
	p.Press(s, press("o"))
	require.Equal(t, []int{2, 1, 0}, ids()[:3], "by recency")
	p.Press(s, press("o"))
	require.Equal(t, []int{0, 1, 2, 3}, ids()[:4])
	require.True(t, p.Press(sight(&live.Snapshot{}), press("o")).Bad, "there is nothing to sort")
}

func TestPolicyMap(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), qtable()
	s.Snap.Policy, s.Server = "q_factored", "server1"
	p.Press(s, press("v"))
	require.Equal(t, box.Act{Keep: box.Preference{Name: "table", Value: "policy map"}, Say: "Q-table as policy map"}, p.Press(s, press("v")))
	l := words.Learner(s.Snap)
	require.Equal(t, "A", preferred(l, 0, 0, 5, 1))
	require.Equal(t, "B", preferred(l, 5, 0, 0, 1))
	a, b := p.mapped(s)
	require.Equal(t, []int{0, 1}, []int{a, b})
	p.Press(s, press("l"))
	_, b = p.mapped(s)
	require.Equal(t, 2, b)
	p.Press(s, press("l"))
	_, b = p.mapped(s)
	require.Equal(t, 1, b, "around")
	p.Press(s, press("v"))
	require.Equal(t, viewValues, p.view)

	s.Snap = canned.Snapshot(3)
	p.Press(s, press("v"))
	p.Press(s, press("v"))
	require.Equal(t, viewValues, p.view, "a joint table has no such map")
}

func TestQTableScrollsAsFarAsItIsDrawn(t *testing.T) {
	s, p := sight(canned.Snapshot(12)), qtable()
	draw := func() string {
		aside, _ := p.Draw(s, 78, 12)
		return ansi.Strip(aside)
	}
	require.Contains(t, draw(), "1-9/")
	require.True(t, ptr(p.Press(s, press("j"))).Nothing())
	require.Contains(t, draw(), "2-10/")
	p.Press(s, press("G"))
	last := draw()
	p.Press(s, press("j"))
	require.Equal(t, last, draw(), "no further than the last row")
	p.Press(s, press("n"))
	require.Contains(t, draw(), "1-9/", "around the end")
	p.Press(s, press("N"))
	require.Equal(t, last, draw())
	p.Press(s, press("l"))
	require.Contains(t, draw(), "servers 2-")
	all := len(p.rows(words.Learner(s.Snap)))
	p.SetFilter(s, "high,")
	require.Equal(t, "high,", p.Filter())
	require.Less(t, len(p.rows(words.Learner(s.Snap))), all)
	require.NotContains(t, draw(), last[:4], "from the first on")
	p.SetFilter(s, "zzz")
	_, lines := p.Draw(s, 78, 12)
	require.Contains(t, ansi.Strip(strings.Join(lines, "")), `nothing contains "zzz"`)
	require.Equal(t, dialog.AskWhy(s), p.Press(s, tea.KeyPressMsg{Code: tea.KeyEnter}))
}

// What is bound is known, and each key does something.
func TestQTableKeysWork(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), qtable()
	require.Equal(t, viewHeat, NewQTable("heat map", "colour").view)
	for _, k := range p.Keys() {
		require.NotEmpty(t, p.Press(s, press(k.Keys()[0])).Say, k.Help().Desc)
	}
}

// The heat map stands from low to high load, whichever state was met most.
func TestTheHeatMapIsSortedByLoad(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), NewQTable("heat map", "")
	l := words.Learner(s.Snap)
	before := -1
	for _, r := range p.rows(l) {
		require.GreaterOrEqual(t, load(r.Label), before, r.Label)
		before = load(r.Label)
	}
	aside, _ := p.Draw(s, 90, 30)
	require.Contains(t, ansi.Strip(aside), "by load")
	p.Press(s, press("o"))
	require.Equal(t, 0, p.rows(l)[0].ID, "by value, as was asked for")
}

func TestLatestDecisions(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), qtable()
	draw := func(h int) string { return ansi.Strip(strings.Join(second(p.Draw(s, 78, h)), "\n")) }
	require.NotContains(t, draw(20), "newest first", "the table comes first")
	text := draw(44)
	require.Contains(t, text, "its choices (+ ahead of the next best)")
	require.Contains(t, text, " 01:23.0 -> server1   Q -9.9 (+2.0)")
	require.Contains(t, text, "explored")
	s.Snap.Policy = "q_factored"
	text = draw(44)
	require.Contains(t, text, "what it would have chosen")
	require.Contains(t, text, " 01:23.0 -> server2     61ms (-12)")
	require.Contains(t, text, "; server1 got it")
}
