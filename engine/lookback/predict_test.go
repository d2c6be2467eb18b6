package lookback

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/fit"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

func options() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
		Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

// world is three servers at seven tenths of their capacity, one of them slow for a while.
func world() simulate.Scenario {
	sc := simulate.Scenario{Name: "truth", Duration: 15 * time.Second, Rate: 120, Records: true}
	for i, ms := range []float64{50, 75, 100} {
		sc.Servers = append(sc.Servers, simulate.Server{ID: string(rune('a' + i)), BaseDelayMS: ms, Workers: 4, Sigma: 0.3})
	}
	slow := fault.Fault{Slow: 3}
	sc.Faults = []simulate.Fault{{Server: "a", At: 4 * time.Second, For: 4 * time.Second, Fault: slow}}
	return sc
}

// lived is the log of a policy in a world, and the truth of the others on the same requests.
func lived(t *testing.T, sc simulate.Scenario, name string, others ...string) (*fit.Log, map[string]simulate.Stats) {
	t.Helper()
	trace, err := simulate.Trace(sc, 7)
	require.NoError(t, err)
	truth := map[string]simulate.Stats{}
	l := &fit.Log{Format: "this run", Policy: name, Resolution: time.Microsecond, Servers: sc.ServerIDs(), Whole: true}
	for _, p := range append(others, name) {
		r, err := simulate.RunTrace(sc, p, options(), trace, 3)
		require.NoError(t, err)
		truth[p] = r.All
		if p != name {
			continue
		}
		for _, rec := range r.Records {
			at := time.Duration(begun.UnixNano()) + rec.Due
			l.Requests = append(l.Requests, fit.Request{Start: at, End: at + rec.Latency, Server: rec.Server, Others: fit.Unknown})
		}
	}
	return l, truth
}

func answer(t *testing.T, q Question) (live.Past, live.Prediction) {
	t.Helper()
	var past live.Past
	var last live.Prediction
	reports := 0
	require.NoError(t, Predict(context.Background(), q, func(p live.Past, x live.Prediction) { past, last, reports = p, x, reports+1 }))
	require.Len(t, last.Rows, last.Total)
	require.Equal(t, last.Total+1, reports)
	return past, last
}

func row(t *testing.T, p live.Prediction, name string) live.WhatIfRow {
	t.Helper()
	for _, r := range p.Rows {
		if r.Policy == name {
			return r
		}
	}
	require.Fail(t, "no row", name)
	return live.WhatIfRow{}
}

// Of known servers the truth comes out, from the log of another policy; of others nearly.
func TestWhatOthersWouldHaveMadeOfIt(t *testing.T) {
	sc := world()
	others := []string{"least_request", "p2c", "q_factored"}
	l, truth := lived(t, sc, "peak_ewma_full", others...)
	for _, known := range []bool{true, false} {
		q := Question{Log: l, Routes: "peak_ewma_full", Options: options(), Seed: 1}
		within := 0.06
		if known {
			w := sc
			q.World, within = &w, 0.02
		}
		past, p := answer(t, q)
		require.Equal(t, len(l.Requests), past.Requests)
		require.InEpsilon(t, truth["peak_ewma_full"].MeanMS, past.Was.MeanMS, 1e-6)
		require.Equal(t, known, past.Grade == "")
		for _, name := range others {
			require.InEpsilon(t, truth[name].MeanMS, row(t, p, name).MeanMS, within, "%s, known %v", name, known)
			r := row(t, p, name).Versus.Mean
			really := truth[name].MeanMS/truth["peak_ewma_full"].MeanMS - 1
			require.True(t, r[0]-0.02 <= really && really <= r[1]+0.02, "%s: %v holds %v", name, r, really)
		}
		require.False(t, p.Rows[0].Versus.Mean.Known(), "who routes is held against nobody")
		require.True(t, p.Rows[len(p.Rows)-1].Reference)
		if known {
			_, again := answer(t, q)
			require.Equal(t, p, again, "equal questions have equal answers")
		}
	}
}

// A model that does not reproduce what was predicts nothing.
func TestNothingIsPredictedFromWhatIsNotUnderstood(t *testing.T) {
	l, _ := lived(t, world(), "peak_ewma_full")
	l.Policy = "round_robin" // which it is not
	past, p := answer(t, Question{Log: l, Routes: "p2c", Options: options()})
	require.Equal(t, "C", past.Grade)
	require.NotEmpty(t, past.Reasons)
	require.Empty(t, p.Rows)
}

func TestTooLittleToLookBackAt(t *testing.T) {
	l, _ := lived(t, world(), "p2c")
	l.Requests = l.Requests[:50]
	require.ErrorContains(t, Predict(t.Context(), Question{Log: l, Options: options()}, nil), "looking back: the log has 50 requests")
	l, _ = lived(t, world(), "p2c")
	w := world()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, Predict(ctx, Question{Log: l, World: &w, Options: options()}, nil), context.Canceled)
}

// Many servers cost more for each request: fewer are looked at.
func TestHowManyCanBeLookedAt(t *testing.T) {
	require.Equal(t, Kept, Most(3, 16))
	require.Less(t, Most(100, 16), Kept/2)
	require.Greater(t, Most(100, 16), 5000)
}

// BenchmarkPredict is how long a full ring takes.
func BenchmarkPredict(b *testing.B) {
	sc := world()
	sc.Duration = Kept / 120 * time.Second
	trace, err := simulate.Trace(sc, 7)
	if err != nil {
		b.Fatal(err)
	}
	r, err := simulate.RunTrace(sc, "p2c", options(), trace, 3)
	if err != nil {
		b.Fatal(err)
	}
	l := &fit.Log{Policy: "p2c", Resolution: time.Microsecond, Servers: sc.ServerIDs(), Whole: true}
	for _, rec := range r.Records {
		l.Requests = append(l.Requests, fit.Request{Start: 1 + rec.Due, End: 1 + rec.Due + rec.Latency, Server: rec.Server, Others: fit.Unknown})
	}
	for name, w := range map[string]*simulate.Scenario{"known": &sc, "fitted": nil} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := Predict(b.Context(), Question{Log: l, World: w, Routes: "p2c", Options: options()}, func(live.Past, live.Prediction) {}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
