package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/tui/canned"
)

func TestHeatIsLogarithmic(t *testing.T) {
	h := newHeat([]qlearn.Row{{Q: []float64{-1, -1000, -99}, Visits: []uint64{1, 1, 0}}})
	require.Equal(t, 0, h.shade(-1))
	require.Equal(t, 3, h.shade(-1000))
	require.Equal(t, 2, h.shade(-50))
	require.Equal(t, 0, newHeat(nil).shade(-5))
}

func TestQTableOrders(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "3")
	l := m.learner()
	ids := func() (out []int) {
		for _, r := range m.qrows(l) {
			out = append(out, r.ID)
		}
		return out
	}
	require.Equal(t, []int{0, 1, 2, 3}, ids()[:4], "by visits")
	m.Update(press("o"))
	require.Equal(t, 0, ids()[0], "by value")
	require.Equal(t, 1, ids()[1])
	m.Update(press("o"))
	require.Equal(t, []int{2, 1, 0}, ids()[:3], "by recency")
	m.Update(press("o"))
	require.Equal(t, []int{0, 1, 2, 3}, ids()[:4])
}

func TestPolicyMap(t *testing.T) {
	snap := canned.Snapshot(3)
	snap.Policy = "q_factored"
	m, _ := typed(t, snap, "3", "v", "v")
	l := m.learner()
	require.Equal(t, viewMap, m.qview)
	require.Equal(t, "A", preferred(l, 0, 0, 5, 1))
	require.Equal(t, "B", preferred(l, 5, 0, 0, 1))
	a, b := m.mapped()
	require.Equal(t, []int{0, 1}, []int{a, b})
	m.Update(press("l"))
	_, b = m.mapped()
	require.Equal(t, 2, b)
	m.Update(press("l"))
	_, b = m.mapped()
	require.Equal(t, 1, b, "around")
	m.Update(press("v"))
	require.Equal(t, viewValues, m.qview)
	m, _ = typed(t, canned.Snapshot(3), "3", "v", "v")
	require.Equal(t, viewValues, m.qview, "a joint table has no such map")
}
