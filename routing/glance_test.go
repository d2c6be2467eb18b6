package routing

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A view by glances is that under the locks, whatever has happened to the servers.
func TestGlanceSaysWhatTheLockedViewSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPool(t, 4, HealthConfig{Path: "/h", Timeout: time.Second, Rise: 1, Fall: 2},
			WithOutlier(OutlierConfig{Consecutive: 3, MaxEjectedShare: 0.5, BaseEjection: 2 * time.Second, MaxEjection: time.Minute}),
			WithSlowStart(SlowStartConfig{Window: 3 * time.Second}, 1), WithLimits(LimitsConfig{PerServer: 6}))
		r := NewRouter(p, newRandom(testOptions(4, 1)))
		rng := rand.New(rand.NewPCG(1, 2))
		var inFlight []Decision
		quick, locked := make([]ServerView, 4), make([]ServerView, 4)
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
						inFlight[i].Answered(Outcome{Status: 200})
						continue
					case 1:
						inFlight[i].Done(Outcome{Status: 500})
					default:
						inFlight[i].Done(Outcome{Status: 200})
					}
					inFlight = append(inFlight[:i], inFlight[i+1:]...)
				}
			case 5:
				p.checked(rng.IntN(4), check{answered: rng.IntN(8) > 0, good: rng.IntN(6) > 0, cpu: rng.Float64() * 100})
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
	r := NewRouter(p, newLeastRequest(testOptions(3, 1)))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				d, ok := r.Pick()
				require.True(t, ok)
				d.Done(Outcome{Status: 200})
			}
		})
	}
	wg.Wait()
	for _, u := range p.upstreams {
		var v ServerView
		_, enough := u.glance.read(&v, p.Now(), 0)
		require.True(t, enough)
		require.Zero(t, v.InFlight)
		require.Zero(t, v.OldestAge)
	}
}

// Who is not a ResponseReader decides alike whatever the response times are: it gets none.
func TestOnlyResponseReadersReadResponses(t *testing.T) {
	for _, spec := range Registry() {
		t.Run(spec.Name, func(t *testing.T) {
			with, without := spec.New(testOptions(3, 1)), spec.New(testOptions(3, 1))
			rng := rand.New(rand.NewPCG(3, 4))
			v := idleServers(3)
			same := true
			for range 3000 {
				v.Now += time.Millisecond
				for i := range v.Servers {
					v.Servers[i].InFlight, v.Servers[i].ResponseMS = rng.IntN(3), rng.Float64()*1000
				}
				a, ta := with.Pick(v)
				for i := range v.Servers {
					v.Servers[i].ResponseMS = 0
				}
				b, tb := without.Pick(v)
				o := answered(v.Now, 10+100*rng.Float64())
				with.Done(ta, o)
				without.Done(tb, o)
				if same = a == b; !same {
					break
				}
			}
			require.Equal(t, readsResponses(with), !same)
		})
	}
}
