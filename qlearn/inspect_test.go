package qlearn

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	a := newTestAgent(3, nil)
	require.Equal(t, Table{Kind: "joint", LastRow: -1, LastServer: -1}, a.Table(0))

	learn := func(state string, rewards ...float64) {
		row, _ := a.Choose([]byte(state), all(3))
		for server, reward := range rewards {
			a.Update(row, server, reward)
		}
	}
	learn("lll", -1)
	learn("lhl", -3, -2)
	learn("hhh", -1, -1, -1)
	row, action := a.Choose([]byte("mhl"), all(3))

	table := a.Table(0)
	var labels []string
	for _, r := range table.Rows {
		labels = append(labels, r.Label)
	}
	require.Equal(t, []string{"(high, high, high)", "(low, high, low)", "(low, low, low)", "(medium, high, low)"}, labels)
	require.Equal(t, 4, table.States)
	require.EqualValues(t, 6, table.Updates)
	require.Equal(t, row, table.LastRow)
	require.Equal(t, action, table.LastServer)

	second := table.Rows[1]
	require.Equal(t, 1, second.Best, "server 2 has 0, but was never visited")
	require.Equal(t, []uint64{1, 1, 0}, second.Visits)
	require.Equal(t, -1, table.Rows[3].Best)

	second.Q[0] = 99
	require.NotEqual(t, 99.0, a.Table(0).Rows[1].Q[0], "a copy")
}

func TestTableLimitIsAPrefix(t *testing.T) {
	a := newTestAgent(4, nil)
	for i := range 81 {
		state := []byte{"lmh"[i%3], "lmh"[i/3%3], "lmh"[i/9%3], "lmh"[i/27]}
		row, action := a.Choose(state, all(4))
		for range i * 37 % 20 {
			a.Update(row, action, -1)
		}
	}
	whole := a.Table(0).Rows
	require.Len(t, whole, 81)
	for _, limit := range []int{1, 2, 10, 80, 81, 500} {
		require.Equal(t, whole[:min(limit, 81)], a.Table(limit).Rows)
	}
}

func TestRecentMean(t *testing.T) {
	var r recent
	r.add(4)
	require.Equal(t, 4.0, r.mean, "the first is not drawn to zero")
	r.add(8)
	require.Equal(t, 6.0, r.mean)
	for range 20 * recentSpan {
		r.add(1)
	}
	require.InDelta(t, 1, r.mean, 1e-6, "old values fade")
}
