package backends

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSlotsServeInOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slots{total: 1}
		require.NoError(t, s.acquire(t.Context()))
		order := make(chan int, 20)
		for i := range cap(order) {
			go func() {
				if s.acquire(context.Background()) == nil {
					order <- i
				}
			}()
			synctest.Wait()
		}
		for i := range cap(order) {
			busy, queued := s.load()
			require.Equal(t, []int{1, 20 - i}, []int{busy, queued})
			s.release()
			require.Equal(t, i, <-order)
		}
		s.release()
		busy, queued := s.load()
		require.Equal(t, []int{0, 0}, []int{busy, queued})
	})
}

func TestSlotsLeaveTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slots{total: 1}
		require.NoError(t, s.acquire(t.Context()))
		ctx, leave := context.WithCancel(t.Context())
		left, got := make(chan error, 1), make(chan error, 1)
		go func() { left <- s.acquire(ctx) }()
		synctest.Wait()
		go func() { got <- s.acquire(context.Background()) }()
		synctest.Wait()

		leave()
		require.ErrorIs(t, <-left, context.Canceled)
		_, queued := s.load()
		require.Equal(t, 1, queued)
		s.release()
		require.NoError(t, <-got)
		s.release()
		busy, _ := s.load()
		require.Zero(t, busy)
	})
}

// However requests come, last and leave, the slots are never exceeded and none is lost.
func TestSlotsNeverExceededNorLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const total = 3
		s := slots{total: total}
		rng := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		var holding, most, gaveUp int
		var all sync.WaitGroup
		for range 500 {
			arrive, patience, hold := rng.IntN(1000), rng.IntN(200), rng.IntN(20)
			all.Go(func() {
				time.Sleep(time.Duration(arrive) * time.Millisecond)
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(patience)*time.Millisecond)
				defer cancel()
				if s.acquire(ctx) != nil {
					mu.Lock()
					gaveUp++
					mu.Unlock()
					return
				}
				mu.Lock()
				holding++
				most = max(most, holding)
				mu.Unlock()
				time.Sleep(time.Duration(hold) * time.Millisecond)
				mu.Lock()
				holding--
				mu.Unlock()
				s.release()
			})
		}
		all.Wait()
		require.Equal(t, total, most)
		require.Positive(t, gaveUp)
		busy, queued := s.load()
		require.Equal(t, []int{0, 0}, []int{busy, queued})
	})
}
