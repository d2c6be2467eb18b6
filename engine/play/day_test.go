package play

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// A day happens again and again, at its times; each round begins with healthy servers.
func TestADayBeginsAgain(t *testing.T) {
	slow, broken := fault.Fault{Slow: 5}, fault.Fault{ErrorRate: 0.2}
	d := &Day{Name: "fit.jsonl", Length: 10 * time.Second, Speed: 1, Faults: []simulate.Fault{
		{Server: "a", At: 2 * time.Second, For: 3 * time.Second, Fault: slow},
		{Server: "b", At: 4 * time.Second, For: 2 * time.Second, Out: true},
		{Server: "c", At: 8 * time.Second, Fault: broken},
		{Server: "c", At: 11 * time.Second, Fault: slow}, // beyond its end
	}}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		now := func() time.Duration { return time.Since(began) }
		var seen []string
		note := func(what any) { seen = append(seen, fmt.Sprintf("%v %+v", now(), what)) }
		ctx, cancel := context.WithTimeout(t.Context(), 13*time.Second)
		defer cancel()
		require.NoError(t, d.Run(ctx, now, func(text string) { note(text) }, func(_ context.Context, c live.Command) error {
			note(c)
			return nil
		}))
		require.Equal(t, []string{
			fmt.Sprintf("2s %+v", live.SetFault{Server: "a", Fault: slow, For: 3 * time.Second}),
			fmt.Sprintf("4s %+v", live.DrainServer{Server: "b", Drain: true}),
			fmt.Sprintf("6s %+v", live.DrainServer{Server: "b"}),
			fmt.Sprintf("8s %+v", live.SetFault{Server: "c", Fault: broken}),
			fmt.Sprintf("10s %+v", live.ClearFaults{Server: "c"}),
			"10s fit.jsonl is over and begins again, round 2",
			fmt.Sprintf("12s %+v", live.SetFault{Server: "a", Fault: slow, For: 3 * time.Second}),
		}, seen)
		failure := errors.New("no")
		require.ErrorIs(t, d.Run(t.Context(), now, func(string) {}, func(context.Context, live.Command) error { return failure }), failure)
	})
}

func TestWhereADayIs(t *testing.T) {
	var none *Day
	require.Nil(t, none.At(time.Second))
	d := &Day{Name: "x", Length: 10 * time.Second, Speed: 2}
	require.Equal(t, "replaying x at 2 times its traffic, again and again: 10s a round", d.String())
	require.Equal(t, &live.Replay{Name: "x", Length: 10 * time.Second, Round: 1, Speed: 2}, d.At(-1))
	require.Equal(t, &live.Replay{Name: "x", Elapsed: 5 * time.Second, Length: 10 * time.Second, Round: 3, Speed: 2}, d.At(25*time.Second))
}
