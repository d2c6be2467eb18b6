package policy

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The rest of the contract: randomness and time come from outside, views are not kept, and what tokens and
// outcomes mean.

// seamWorld is the same for every policy and run: three servers whose loads change with each request.
type seamWorld struct {
	afterPick func(v View)                                    // may spoil the view; nil leaves it
	end       func(p Policy, i int, t Token, latency float64) // ends request i; nil answers it
}

func (w seamWorld) decisions(p Policy, requests int) []int {
	rng := rand.New(rand.NewPCG(5, 6))
	out := make([]int, requests)
	now := time.Duration(0)
	for i := range out {
		v := idleServers(3)
		v.Now = now
		for s := range v.Servers {
			v.Servers[s].InFlight, v.Servers[s].ResponseMS, v.Servers[s].CPU = rng.IntN(9), 300*rng.Float64(), 100*rng.Float64()
			v.Servers[s].Available = s == i%3 || rng.IntN(5) > 0
		}
		server, token := p.Pick(v)
		out[i] = server
		if w.afterPick != nil {
			w.afterPick(v)
		}
		latency := float64(20+30*server) * (0.5 + rng.Float64())
		if w.end != nil {
			w.end(p, i, token, latency)
		} else {
			p.Done(token, answered(now, latency))
		}
		now += 20 * time.Millisecond
	}
	return out
}

func TestConformanceSameSeedSameDecisions(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		first := seamWorld{}.decisions(spec.New(testOptions(3, 7)), 2000)
		require.Equal(t, first, seamWorld{}.decisions(spec.New(testOptions(3, 7)), 2000))
	})
}

func TestConformanceViewsAreNotKept(t *testing.T) {
	spoil := seamWorld{afterPick: func(v View) {
		for i := range v.Servers {
			v.Servers[i] = ServerView{InFlight: -1 << 40, CPU: math.NaN(), ResponseMS: math.NaN(), Weight: math.NaN()}
		}
	}}
	eachPolicy(t, func(t *testing.T, spec Spec) {
		clean := seamWorld{}.decisions(spec.New(testOptions(3, 7)), 2000)
		require.Equal(t, clean, spoil.decisions(spec.New(testOptions(3, 7)), 2000))
	})
}

// A client that leaves and a fault of the balancer itself say nothing about a server: a policy that is
// told of them decides as one that is not.
func TestConformanceCancelledAndLocalAreNoNews(t *testing.T) {
	odd := func(tell bool) seamWorld {
		return seamWorld{end: func(p Policy, i int, t Token, latency float64) {
			o := answered(t.At, latency)
			switch i % 3 {
			case 1:
				o.Status, o.Cancelled = 0, true
			case 2:
				o.Status, o.Failure = 0, FailureLocal
			}
			if tell || i%3 == 0 {
				p.Done(t, o)
			}
		}}
	}
	eachPolicy(t, func(t *testing.T, spec Spec) {
		told, spared := spec.New(testOptions(3, 7)), spec.New(testOptions(3, 7))
		require.Equal(t, odd(false).decisions(spared, 2000), odd(true).decisions(told, 2000))
		require.Equal(t, Updates(spared), Updates(told))
	})
}

// Nothing waits for a token, so one that is never completed costs nothing and keeps nobody from the next.
func TestConformanceTokensNeedNotBeCompleted(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		p, v := spec.New(testOptions(3, 7)), idleServers(3)
		for range 2 * prequalWindow {
			p.Pick(v)
		}
		require.Zero(t, testing.AllocsPerRun(500, func() { p.Pick(v) }))
		if spec.Learner {
			_, token := p.Pick(v)
			p.Done(token, answered(v.Now, 20))
			require.EqualValues(t, 1, Updates(p))
		}
	})
}

// A server that was slow, and is no longer, gets requests again however little it was liked.
func TestConformanceStarvedServerIsRetried(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		p, v := spec.New(testOptions(3, 7)), idleServers(3)
		var seenMS [3]float64 // the last response, which fades
		var seenAt [3]time.Duration
		picks := func(requests int, responseMS ...float64) (n [3]int) {
			for range requests {
				for i := range v.Servers {
					v.Servers[i].ResponseMS = seenMS[i] * math.Exp(-(v.Now-seenAt[i]).Seconds()/10)
				}
				server, token := p.Pick(v)
				n[server]++
				p.Done(token, answered(v.Now, responseMS[server]))
				seenMS[server], seenAt[server] = responseMS[server], v.Now
				v.Now += 50 * time.Millisecond
			}
			return n
		}
		picks(500, 2000, 20, 20)
		require.Positive(t, picks(4000, 20, 20, 20)[0])
	})
}
