package tui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

func TestInspectorHoldsStill(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "3", "enter")
	shown := func() string { return m.dialog().(*inspector).summary(m.theme, 0) }
	before := shown()
	later := canned.Snapshot(3)
	later.Seq++
	later.Learners[0].Decisions = later.Learners[0].Decisions[:3]
	m.Update(frameMsg{at: canned.Epoch, snap: later})
	require.Equal(t, before, shown())
	m.Update(press("r"))
	require.NotEqual(t, before, shown())
	require.Len(t, m.dialog().(*inspector).decisions, 3)
	for _, k := range []string{"G", "j", "k", "g", "ctrl+d", "ctrl+u"} {
		m.Update(press(k))
		wellFormed(t, m)
	}
	m.Update(press("enter"))
	require.Nil(t, m.dialog())

	nothing := canned.Snapshot(3)
	nothing.Learners[0].Decisions = nil
	m, _ = typed(t, nothing, "3", "enter")
	require.Contains(t, plain(m), "has not decided anything yet")
}
