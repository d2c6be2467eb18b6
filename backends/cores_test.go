package backends

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

const ms = time.Millisecond

// latencies begins requests at these times and returns how long each took.
func latencies(w *world, at ...time.Duration) []time.Duration {
	type ended struct {
		i    int
		took time.Duration
	}
	results := make(chan ended)
	begun := time.Now()
	for i, after := range at {
		time.Sleep(time.Until(begun.Add(after)))
		go func() {
			start := time.Now()
			require.Equal(w.t, 200, w.do(context.Background(), "GET", "/", "").status)
			results <- ended{i, time.Since(start).Round(ms)}
		}()
		synctest.Wait()
	}
	out := make([]time.Duration, len(at))
	for range at {
		r := <-results
		out[r.i] = r.took
	}
	return out
}

// The same three requests as in engine/simulate take as long as there.
func TestSharedWorkers(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Workers: 1, Sharing: true}, func(w *world) {
		require.Equal(t, []time.Duration{125 * ms, 125 * ms, 100 * ms}, latencies(w, 0, 0, 50*ms))
		require.Equal(t, []time.Duration{50 * ms}, latencies(w, 0), "alone")
	})
	inBubble(t, Config{BaseDelayMS: 50, Workers: 3, Sharing: true}, func(w *world) {
		require.Equal(t, []time.Duration{50 * ms, 50 * ms, 50 * ms}, latencies(w, 0, 0, 10*ms))
	})
}

func TestSharedWorkersStall(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Workers: 1, Sharing: true}, func(w *world) {
		go func() {
			time.Sleep(20 * ms)
			w.SetFault(fault.Span{Fault: fault.Fault{Stall: true}, For: time.Second})
		}()
		require.Equal(t, []time.Duration{1050 * ms}, latencies(w, 0), "30 ms were left when it stopped")
	})
}

func TestSharedWorkersAreCounted(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 300, Workers: 2, Sharing: true}, func(w *world) {
		for range 5 {
			defer func(r <-chan reply) { <-r }(w.begin(context.Background(), "/"))
		}
		st := w.Status()
		require.Equal(t, []int{2, 3, 5}, []int{st.Busy, st.Queued, st.Active})
		c := w.Condition()
		require.Equal(t, []int{2, 3}, []int{c.Busy, c.Queued})
	})
}

func TestCoresAreLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := cores{total: 1}
		ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
		defer cancel()
		left := make(chan bool)
		go func() { left <- c.serve(ctx, time.Hour) }()
		synctest.Wait()
		begun := time.Now()
		require.True(t, c.serve(t.Context(), 20*ms))
		require.Equal(t, 25*ms, time.Since(begun).Round(ms), "10 ms at half the speed, 15 alone")
		require.False(t, <-left)
		busy, beyond := c.load()
		require.Zero(t, busy+beyond)
	})
}
