package routing

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// A view by glances is that under the locks, whatever has happened to the servers.
func TestGlanceSaysWhatTheLockedViewSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPool(t, 4, HealthConfig{Path: "/h", Timeout: time.Second, Rise: 1, Fall: 2},
			WithOutlier(OutlierConfig{Consecutive: 3, MaxEjectedShare: 0.5, BaseEjection: 2 * time.Second, MaxEjection: time.Minute}),
			WithSlowStart(SlowStartConfig{Window: 3 * time.Second}, 1), WithLimits(LimitsConfig{PerServer: 6}))
		r := NewRouter(p, testPolicy(t, "random", 4))
		rng := rand.New(rand.NewPCG(1, 2))
		var inFlight []Decision
		quick, locked := make([]policy.ServerView, 4), make([]policy.ServerView, 4)
		plain, full := 0, 0
		for range 20_000 {
			switch rng.IntN(8) {
			case 0, 1, 2:
				if d, ok := r.Pick(); ok {
					inFlight = append(inFlight, d)
				}
			case 3, 4:
				if n := len(inFlight); n > 0 {
					i := rng.IntN(n)
					switch rng.IntN(12) {
					case 0:
						inFlight[i].Answered(policy.Outcome{Status: 200})
						continue
					case 1:
						inFlight[i].Done(policy.Outcome{Status: 500})
					default:
						inFlight[i].Done(policy.Outcome{Status: 200})
					}
					inFlight = append(inFlight[:i], inFlight[i+1:]...)
				}
			case 5:
				p.Polled(rng.IntN(4), Poll{Answered: rng.IntN(8) > 0, Good: rng.IntN(6) > 0, CPU: rng.Float64() * 100})
			case 6:
				if rng.IntN(20) == 0 {
					require.NoError(t, p.Drain(fmt.Sprint("s", 1+rng.IntN(4)), rng.IntN(3) == 0))
				}
			case 7:
				time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
				if rng.IntN(2000) == 0 {
					time.Sleep(FlightLifetime)
				}
			}
			now := p.Now()
			for i, u := range p.upstreams {
				if u.warmingNow() {
					continue // each look draws anew
				}
				stand, enough := u.glance.read(&quick[i], now, p.limits.PerServer)
				want, _ := u.view(&locked[i], now)
				if !enough {
					continue
				}
				plain++
				if want == standingFull {
					full++
				}
				locked[i].ResponseMS = 0
				require.Equal(t, want, stand)
				require.Equal(t, locked[i], quick[i])
			}
		}
		require.Greater(t, plain, 20_000)
		require.Positive(t, full)
	})
}

func (u *upstream) warmingNow() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.warming.window != 0
}

// What glances show when all is over is what is left.
func TestGlancesUnderStress(t *testing.T) {
	p := testPool(t, 3, HealthConfig{}, WithLimits(LimitsConfig{PerServer: 50}))
	r := NewRouter(p, testPolicy(t, "least_request", 3))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				d, ok := r.Pick()
				require.True(t, ok)
				d.Done(policy.Outcome{Status: 200})
			}
		})
	}
	wg.Wait()
	for _, u := range p.upstreams {
		var v policy.ServerView
		_, enough := u.glance.read(&v, p.Now(), 0)
		require.True(t, enough)
		require.Zero(t, v.InFlight)
		require.Zero(t, v.OldestAge)
	}
}
