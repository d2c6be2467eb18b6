package routing

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// In order of arrival, one place at a time, and never more waiting than allowed.
func TestGateServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		var mu sync.Mutex
		places := 0
		var order []int
		take := func(who int) func() bool {
			return func() bool {
				mu.Lock()
				defer mu.Unlock()
				if places == 0 {
					return false
				}
				places--
				order = append(order, who)
				return true
			}
		}
		for i := range 4 {
			go func() { require.Equal(t, WaitedWell, g.wait(t.Context(), 4, time.Minute, take(i))) }()
			synctest.Wait()
		}
		require.Equal(t, WaitedLine, g.wait(t.Context(), 4, time.Minute, take(9)))
		for i, freed := range []int{1, 2, 1} {
			mu.Lock()
			places += freed
			mu.Unlock()
			g.wake()
			synctest.Wait()
			require.Len(t, order, []int{1, 3, 4}[i], "one wake-up lets in as many as there is room for")
		}
		require.Equal(t, []int{0, 1, 2, 3}, order)
		require.True(t, g.empty())
	})
}

func TestGateWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g gate
		never := func() bool { return false }
		start := time.Now()
		require.Equal(t, WaitedLong, g.wait(t.Context(), 1, time.Second, never))
		require.Equal(t, time.Second, time.Since(start))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.Equal(t, WaitedLeft, g.wait(ctx, 1, time.Second, never))
		require.True(t, g.empty())
		g.wake()
	})
}

// No wake-up is lost, however places and waiters meet.
func TestGateUnderStress(t *testing.T) {
	p := testPool(t, 2, HealthConfig{}, WithLimits(LimitsConfig{MaxInFlight: 3, PerServer: 2, Queue: 1000, QueueTimeout: time.Minute}))
	r := NewRouter(p, testPolicy(t, "round_robin", 1))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 500 {
				d, v := r.pick(nil)
				if v != verdictPicked {
					require.Equal(t, verdictFull, v)
					ok := p.waiters.wait(t.Context(), 1000, time.Minute, func() bool {
						d, v = r.pick(nil)
						return v == verdictPicked
					})
					require.Equal(t, WaitedWell, ok)
				}
				require.LessOrEqual(t, p.inFlight.Load(), int64(3))
				require.LessOrEqual(t, p.Status()[d.Server()].InFlight, 2)
				d.Done(policy.Outcome{Status: 200})
			}
		})
	}
	wg.Wait()
	require.Zero(t, p.inFlight.Load())
	require.True(t, p.waiters.empty())
}
