package backends

import (
	"context"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

func TestSufferingMergesByField(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := (&suffering{}).
		with(fault.Span{Fault: fault.Fault{Slow: 4}, For: 20 * time.Second}, t0).
		with(fault.Span{Fault: fault.Fault{ErrorRate: 0.5}, For: 5 * time.Second}, t0)
	require.Equal(t, fault.Fault{Slow: 4, ErrorRate: 0.5}, s.Fault)
	require.Equal(t, t0.Add(5*time.Second), s.next())
	require.Equal(t, 20*time.Second, s.left(t0))
	require.Equal(t, []fault.Span{{Fault: fault.Fault{Slow: 4}, For: 19 * time.Second}, {Fault: fault.Fault{ErrorRate: 0.5}, For: 4 * time.Second}}, s.each(t0.Add(time.Second)))

	s = s.at(t0.Add(5 * time.Second))
	require.Equal(t, fault.Fault{Slow: 4}, s.Fault)
	require.Same(t, s, s.at(t0.Add(6*time.Second)))

	s = s.with(fault.Span{Fault: fault.Fault{Slow: 2}, For: time.Minute}, t0.Add(6*time.Second))
	require.Equal(t, fault.Fault{Slow: 2}, s.at(t0.Add(30*time.Second)).Fault, "the new duration replaces the old")
	s = s.with(fault.Span{Fault: fault.Fault{Stall: true}}, t0.Add(30*time.Second))
	require.Zero(t, s.left(t0.Add(30*time.Second)), "one lasts until cleared")
	require.Equal(t, []fault.Span{{Fault: fault.Fault{Slow: 2}, For: 36 * time.Second}, {Fault: fault.Fault{Stall: true}}}, s.each(t0.Add(30*time.Second)))
	require.Equal(t, fault.Fault{Stall: true}, s.at(t0.Add(time.Hour)).Fault)
	require.Equal(t, fault.Fault{Stall: true}, s.with(fault.Span{Fault: fault.Fault{Slow: 1}}, t0).Fault, "a slowdown of 1 is none")
}

func TestSenselessFaultsSetNothing(t *testing.T) {
	for _, tt := range []struct {
		give fault.Span
		want fault.Fault
	}{
		{fault.Span{Fault: fault.Fault{Slow: math.NaN(), ErrorRate: math.NaN()}}, fault.Fault{}},
		{fault.Span{Fault: fault.Fault{Slow: math.Inf(1), Delay: -1}, For: -1}, fault.Fault{}},
		{fault.Span{Fault: fault.Fault{Slow: -2, ErrorRate: -0.5}}, fault.Fault{}},
		{fault.Span{Fault: fault.Fault{ErrorRate: 7}}, fault.Fault{ErrorRate: 1}},
	} {
		require.Equal(t, tt.want, (&suffering{}).with(tt.give, time.Now()).Fault, "%+v", tt.give)
	}
}

// took runs one request and returns its status and how long it lasted in virtual time.
func (w *world) took(path string) (int, time.Duration) {
	start := time.Now()
	r := w.get(path)
	require.NoError(w.t, r.err)
	return r.status, time.Since(start)
}

func TestSlow(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 3}, For: time.Second})
		_, d := w.took("/")
		require.Equal(t, 150*time.Millisecond, d)
		time.Sleep(time.Second)
		_, d = w.took("/")
		require.Equal(t, 50*time.Millisecond, d)
	})
}

func TestDelayHoldsNoSlot(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Workers: 1}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Delay: time.Second}})
		start := time.Now()
		first, second := w.begin(context.Background(), "/"), w.begin(context.Background(), "/")
		<-first
		require.Equal(t, 1050*time.Millisecond, time.Since(start))
		<-second
		require.Equal(t, 1100*time.Millisecond, time.Since(start))
	})
}

func TestErrorsTakeNoSlot(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 5000, Workers: 1}, func(w *world) {
		slow := w.begin(context.Background(), "/") // holds the only slot
		w.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 1}, For: time.Second})
		status, d := w.took("/")
		require.Equal(t, 500, status)
		require.Equal(t, errorTime, d)
		require.Equal(t, uint64(1), w.Status().Failed)
		require.Zero(t, w.Status().AvgResponseMS, "a fast failure is no fast response")
		require.Equal(t, 200, (<-slow).status)
		status, _ = w.took("/")
		require.Equal(t, 200, status, "the fault is over")
	})
}

func TestErrorRateIsAShare(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 0.25}})
		for range 1000 {
			w.get("/")
		}
		require.InDelta(t, 250, w.Status().Failed, 70)
		require.Equal(t, uint64(1000), w.Status().Failed+w.Status().Served)
	})
}

func TestStall(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Workers: 1}, func(w *world) {
		inService := w.begin(context.Background(), "/")
		w.SetFault(fault.Span{Fault: fault.Fault{Stall: true}, For: 10 * time.Second})
		start := time.Now()
		ctx, leave := context.WithCancel(context.Background())
		leaver := w.begin(ctx, "/")
		waiter := w.begin(context.Background(), "/")

		time.Sleep(5 * time.Second)
		require.Equal(t, 3, w.Status().Active)
		require.Equal(t, 1, w.Status().Busy, "a stuck worker holds its slot")
		require.Equal(t, 200, w.get("/health").status, "health answers")
		leave()
		require.ErrorIs(t, (<-leaver).err, context.Canceled)
		synctest.Wait()
		require.Equal(t, 2, w.Status().Active)

		require.Equal(t, 200, (<-inService).status)
		require.Equal(t, 10*time.Second, time.Since(start))
		require.Equal(t, 200, (<-waiter).status)
		require.Equal(t, 10*time.Second+50*time.Millisecond, time.Since(start), "it goes on where it was")
	})
}

func TestStallEndsWhenCleared(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Stall: true}})
		r := w.begin(context.Background(), "/")
		time.Sleep(time.Hour)
		w.ClearFaults()
		require.Equal(t, 200, (<-r).status)
	})
}

func TestFaultsOverlap(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 2}, For: 20 * time.Second})
		w.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 1}, For: 5 * time.Second})
		st := w.Status()
		require.Equal(t, fault.Fault{Slow: 2, ErrorRate: 1}, st.Fault)
		require.Equal(t, 20*time.Second, st.FaultLeft)
		require.Equal(t, []fault.Span{{Fault: fault.Fault{Slow: 2}, For: 20 * time.Second}, {Fault: fault.Fault{ErrorRate: 1}, For: 5 * time.Second}}, w.Faults())

		time.Sleep(6 * time.Second)
		require.Equal(t, fault.Fault{Slow: 2}, w.Status().Fault)
		require.Equal(t, 14*time.Second, w.Status().FaultLeft)
		status, d := w.took("/")
		require.Equal(t, 200, status)
		require.Equal(t, 100*time.Millisecond, d)

		time.Sleep(14 * time.Second)
		require.Equal(t, fault.Fault{}, w.Status().Fault)
		require.Zero(t, w.Status().FaultLeft)
	})
}

func TestFaultsCanBeTakenApartAndPutBack(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		require.Empty(t, w.Faults())
		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 3, ErrorRate: 0.5}, For: 10 * time.Second})
		w.SetFault(fault.Span{Fault: fault.Fault{Delay: time.Second}})
		time.Sleep(4 * time.Second)
		all := w.Faults()
		require.Equal(t, []fault.Span{{Fault: fault.Fault{Slow: 3}, For: 6 * time.Second}, {Fault: fault.Fault{Delay: time.Second}}, {Fault: fault.Fault{ErrorRate: 0.5}, For: 6 * time.Second}}, all)
		w.ClearFaults()
		require.Empty(t, w.Faults())
		for _, f := range all {
			w.SetFault(f)
		}
		require.Equal(t, all, w.Faults())
		time.Sleep(6 * time.Second)
		require.Equal(t, []fault.Span{{Fault: fault.Fault{Delay: time.Second}}}, w.Faults())
	})
}

func TestCondition(t *testing.T) {
	inBubble(t, Config{Workers: 2, BaseDelayMS: 1000}, func(w *world) {
		require.Zero(t, w.Condition())
		for range 3 {
			w.begin(context.Background(), "/")
		}
		w.SetFault(fault.Span{Fault: fault.Fault{Stall: true}, For: 5 * time.Second})
		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 2}})
		time.Sleep(time.Second / 2)
		require.Equal(t, Condition{Busy: 2, Queued: 1, Fault: fault.Fault{Slow: 2, Stall: true}, StallLeft: 4500 * time.Millisecond}, w.Condition())
		time.Sleep(time.Minute)
		require.Equal(t, Condition{Fault: fault.Fault{Slow: 2}}, w.Condition())
	})
}

func TestCrashAndReturn(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Workers: 1}, func(w *world) {
		require.Equal(t, 200, w.get("/").status)
		inService, queued := w.begin(context.Background(), "/"), w.begin(context.Background(), "/")
		addr := w.Addr()
		w.SetFault(fault.Span{Fault: fault.Fault{Crash: true}, For: 3 * time.Second})
		synctest.Wait()

		require.Error(t, (<-inService).err)
		require.Error(t, (<-queued).err)
		require.Error(t, w.get("/").err)
		require.Error(t, w.get("/health").err)
		st := w.Status()
		require.Equal(t, Status{Workers: 1, Fault: fault.Fault{Crash: true}, FaultLeft: 3 * time.Second, Served: 1, Failed: 2}, st)

		time.Sleep(3 * time.Second)
		synctest.Wait()
		require.Equal(t, 200, w.get("/").status)
		require.Equal(t, addr, w.Addr())
		require.Equal(t, Healthy, w.Status().Health)
	})
}

func TestCrashEndsWhenCleared(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		for range 3 {
			w.SetFault(fault.Span{Fault: fault.Fault{Crash: true}})
			require.Error(t, w.get("/").err, "at once, not from when Serve gets to it")
			time.Sleep(time.Minute)
			require.Error(t, w.get("/").err)
			w.ClearFaults()
			synctest.Wait()
			require.Equal(t, 200, w.get("/").status)
		}
	})
}

func TestPortBusyAfterCrash(t *testing.T) {
	var log strings.Builder
	inBubble(t, Config{}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Crash: true}})
		synctest.Wait()
		w.pipes.setBusy(true)
		w.ClearFaults()
		time.Sleep(time.Minute)
		require.Error(t, w.get("/").err)
		require.Empty(t, w.Status().Health, "nobody can ask it")
		require.Equal(t, 1, strings.Count(log.String(), "port not free"), "said once: %s", log.String())

		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 2}, For: 30 * time.Millisecond}) // its end falls between two attempts
		w.pipes.setBusy(false)
		time.Sleep(retryListen)
		synctest.Wait()
		require.Equal(t, 200, w.get("/").status)
	}, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
}

func TestFaultBeforeServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{BaseDelayMS: 50})
		w.SetFault(fault.Span{Fault: fault.Fault{Slow: 2}, For: time.Minute})
		w.SetFault(fault.Span{Fault: fault.Fault{Crash: true}, For: 2 * time.Second})
		time.Sleep(time.Second)
		w.start()
		require.Error(t, w.get("/").err)
		time.Sleep(time.Second)
		synctest.Wait()
		_, d := w.took("/")
		require.Equal(t, 100*time.Millisecond, d)
		w.client.CloseIdleConnections()
		w.stop()
		require.NoError(t, <-w.served)
	})
}
