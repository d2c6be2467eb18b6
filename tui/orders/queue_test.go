package orders

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func rate(v float64) live.Command { return live.SetRate{Rate: v} }

func TestOneAtATimeInTheirOrder(t *testing.T) {
	var q Queue
	require.Equal(t, rate(1), q.Add(rate(1)))
	for _, cmd := range []live.Command{rate(2), rate(3), live.ToggleRL{}, live.ToggleRL{}, rate(4)} {
		require.Nil(t, q.Add(cmd))
	}
	var sent []live.Command
	for next := q.Answered(Ack{Cmd: rate(1)}, 1); next != nil; next = q.Answered(Ack{Cmd: next}, 1) {
		sent = append(sent, next)
	}
	require.Equal(t, []live.Command{rate(3), live.ToggleRL{}, live.ToggleRL{}, rate(4)}, sent, "a slider skips, a toggle doesn't")
	require.Equal(t, rate(5), q.Add(rate(5)), "nothing is on its way any more")
}

func TestAskedUntilASnapshotShowsIt(t *testing.T) {
	var q Queue
	require.Nil(t, q.Asked())
	require.InDelta(t, 50, q.Asked().Value(rate(0), 50), 0)
	q.Add(rate(60))
	drawn := q.Asked()
	require.InDelta(t, 60, drawn.Value(rate(0), 50), 0)
	q.Settle(7)
	require.Same(t, drawn, q.Asked(), "not acknowledged yet; what has not changed is the same")
	q.Answered(Ack{Cmd: rate(55)}, 8)
	require.Same(t, drawn, q.Asked(), "an answer to an earlier value")
	q.Answered(Ack{Cmd: rate(60)}, 8)
	q.Settle(8)
	_, ok := q.Asked().Shown(rate(0))
	require.True(t, ok, "the snapshot is older than the answer")
	q.Add(live.SetParam{Learner: "a", Param: "epsilon", Value: 0.2})
	q.Settle(9)
	_, ok = q.Asked().Shown(rate(0))
	require.False(t, ok)
	q.Answered(Ack{Cmd: live.SetParam{Learner: "a", Param: "epsilon", Value: 0.2}, Err: errors.New("no")}, 9)
	require.Nil(t, q.Asked(), "what was refused is not waited for")
	require.InDelta(t, 60, drawn.Value(rate(0), 50), 0, "what was drawn stays as it was")
}

func TestSend(t *testing.T) {
	e := &canned.Engine{Snap: canned.Snapshot(3), Err: errors.New("no")}
	require.Equal(t, Ack{Cmd: rate(1), Err: e.Err, Routes: "q_learning"}, Send(e, rate(1)))
	require.Equal(t, []live.Command{rate(1)}, e.Orders())
}
