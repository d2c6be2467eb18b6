package qlearn

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// latest are the labels of the rows that have been used, the last used first.
func latest(t Table) []string {
	at := map[uint64]string{}
	top := uint64(0)
	for _, r := range t.Rows {
		at[r.Used] = r.Label
		top = max(top, r.Used)
	}
	var out []string
	for n := top; n > 0; n-- {
		if label, ok := at[n]; ok {
			out = append(out, label)
		}
	}
	return out
}

func TestRowsKnowWhenTheyWereUsed(t *testing.T) {
	a := newTestAgent(2, nil)
	for _, state := range []string{"ll", "lh", "hh", "ll"} {
		a.Choose([]byte(state), all(2))
	}
	a.Watch([]byte("lh"), all(2), 1)
	require.Equal(t, []string{"(low, high)", "(low, low)", "(high, high)"}, latest(a.Table(0)))
	a.Reset()
	require.Empty(t, a.Table(0).Rows)
}

// timeless forgets when rows were used, which no file keeps.
func timeless(rows []Row) []Row {
	for i := range rows {
		rows[i].Used = 0
	}
	return rows
}
