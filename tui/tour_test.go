package tui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// The tour is what a newcomer does: each step ticks itself off by what the engine shows, and none takes a key.
func TestTour(t *testing.T) {
	k := &memory{kept: map[string]string{}}
	s := canned.Snapshot(3)
	s.Policy, s.At = "round_robin", 2*time.Second
	for i := range s.Servers {
		s.Servers[i].Fault = fault.Fault{}
	}
	for i := range s.Learners {
		s.Learners[i].Routing = false
	}
	m := console(s, 180, 60, Options{Tour: true, Keeper: k})
	now := canned.Epoch
	show := func(change func(*live.Snapshot)) string {
		next := *m.latest
		next.Seq++
		next.At += 10 * time.Second
		change(&next)
		now = now.Add(10 * time.Second)
		_, cmd := m.Update(frameMsg{at: now, snap: &next})
		m.lookAtTour()
		_ = cmd // it ticks
		wellFormed(t, m)
		return plain(m)
	}
	require.Contains(t, plain(m), "1/5 watch SHARE")
	require.Contains(t, show(func(*live.Snapshot) {}), "2/5 press t: lets a learner route")
	require.Contains(t, show(func(s *live.Snapshot) { s.Policy, s.Learners[0].Routing = "q_learning", true }), "3/5 press s enter")
	screen := show(func(s *live.Snapshot) { s.Servers[0].Fault = fault.Fault{Slow: 5} })
	require.Contains(t, screen, "4/5 q_learning sees low, medium, high only: late to notice. T offers q_factored", "why the first learner is the weaker one")
	require.Contains(t, screen, "✓slow one")
	require.Contains(t, show(func(s *live.Snapshot) { s.Policy, s.RL = "q_factored", "q_factored" }), "5/5 press w: what would each policy")
	require.Contains(t, show(func(s *live.Snapshot) { s.WhatIf = &live.WhatIf{} }), "the tour is done")
	require.NotNil(t, m.tour)
	show(func(s *live.Snapshot) {})
	show(func(s *live.Snapshot) {})
	require.Nil(t, m.tour, "it leaves by itself")
	require.Equal(t, tourOver, k.kept["tour"])
	commanded(t, m, "tour")
	require.Equal(t, tourOn, k.kept["tour"])
	require.Contains(t, plain(m), "/5 ")
}

// Who changes a preference on the way has the tour at the next start, too.
func TestTheTourGoesOn(t *testing.T) {
	k := &memory{kept: map[string]string{}}
	m := console(canned.Snapshot(3), 80, 24, Options{Tour: true, Keeper: k})
	commanded(t, m, "theme light")
	require.Equal(t, map[string]string{"theme": "light", "tour": tourOn}, k.kept)
	m.endTour()
	commanded(t, m, "theme dark")
	require.Equal(t, tourOver, k.kept["tour"])
}

// esc ends it, after all else that esc goes back from; at no size does it break the frame, and where it can't be
// walked it is not shown.
func TestTourEnds(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{Tour: true})
	m.Update(press("z"))
	m.Update(press("esc"))
	require.True(t, m.touring())
	m.Update(press("esc"))
	require.False(t, m.touring())
	require.Contains(t, plain(m), ":tour brings it back")
	for _, size := range goldenSizes {
		m := console(canned.Snapshot(3), size.w, size.h, Options{Tour: true})
		wellFormed(t, m)
		require.Contains(t, plain(m), "1/5")
	}
	require.False(t, console(canned.Snapshot(3), 80, 24, Options{Tour: true, ReadOnly: true}).touring())
	elsewhere := canned.Snapshot(3)
	elsewhere.Load.Enabled = false
	m = console(elsewhere, 80, 24, Options{Tour: true})
	require.False(t, m.touring())
	commanded(t, m, "tour")
	require.Contains(t, plain(m), "the tour needs a load")
}
