package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
)

// inspected counts how often its table was copied.
type inspected struct {
	states, updates, copies int
}

func (i *inspected) Stats() qlearn.Stats {
	return qlearn.Stats{States: i.states, Updates: uint64(i.updates)}
}

func (i *inspected) Table(int) qlearn.Table {
	i.copies++
	return qlearn.Table{States: i.states, Updates: uint64(i.updates), Rows: []qlearn.Row{{Q: make([]float64, 12)}}}
}

func TestLargeTablesAreCopiedOnceASecond(t *testing.T) {
	look := func(c tableCopies, l *inspected) {
		for tenth := range 20 {
			l.updates++
			c.table(time.Duration(tenth)*samplePeriod, "q", l)
		}
	}
	small, large := &inspected{states: 80}, &inspected{states: 20_000}
	copies := tableCopies{}
	look(copies, small)
	require.Equal(t, 20, small.copies)
	look(copies, large)
	require.Equal(t, 2, large.copies, "another learner of the same name begins with a copy of its own")

	large.updates = 0
	require.Zero(t, copies.table(1900*time.Millisecond, "q", large).Updates, "what was forgotten is not shown")
}
