package policy

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The contract that every policy of the registry keeps: here whom it picks, in conformance_seam_test.go what
// goes in and out of it. What learners promise beyond it is in conformance_learner_test.go, what a policy
// survives in conformance_fuzz_test.go. A policy needs no line here: being in All is enough.

// beside are those that All does not know, set by conformance_score_test.go: their package imports this one.
var beside []Spec

// everyone is who keeps the contract.
func everyone() []Spec { return append(All(), beside...) }

// eachPolicy runs test for every policy, each in a subtest.
func eachPolicy(t *testing.T, test func(t *testing.T, spec Spec)) {
	for _, spec := range everyone() {
		t.Run(spec.Name, func(t *testing.T) { test(t, spec) })
	}
}

// idleServers is n identical servers with nothing to do.
func idleServers(n int) View {
	return View{Servers: slices.Repeat([]ServerView{{Available: true, Reachable: true, CPU: -1, Weight: 1}}, n)}
}

// drawView draws between 1 and 8 servers in any condition.
func drawView(t *rapid.T) View {
	server := rapid.Custom(func(t *rapid.T) ServerView {
		return ServerView{
			InFlight:   rapid.IntRange(0, 30).Draw(t, "in flight"),
			OldestAge:  time.Duration(rapid.IntRange(0, 5000).Draw(t, "oldest age")) * time.Millisecond,
			Available:  rapid.Bool().Draw(t, "available"),
			Reachable:  rapid.Bool().Draw(t, "reachable"),
			CPU:        rapid.Float64Range(-1, 100).Draw(t, "cpu"),
			ResponseMS: rapid.Float64Range(0, 2000).Draw(t, "response"),
			Weight:     rapid.Float64Range(0.1, 10).Draw(t, "weight"),
		}
	})
	return View{Servers: rapid.SliceOfN(server, 1, 8).Draw(t, "servers")}
}

// answered is a good response after ms milliseconds, to a request picked now.
func answered(now time.Duration, ms float64) Outcome {
	latency := time.Duration(ms * float64(time.Millisecond))
	return Outcome{Now: now + latency, Latency: latency, Status: 200}
}

func TestConformanceOnlyAvailableServers(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		rapid.Check(t, func(t *rapid.T) {
			v := drawView(t)
			p := spec.New(testOptions(len(v.Servers), 1))
			for range 20 {
				server, token := p.Pick(v)
				require.Equal(t, server, token.Server)
				if countAvailable(v) == 0 {
					require.Equal(t, NoServer, server)
				} else {
					require.True(t, v.Servers[server].Available)
				}
				p.Done(token, answered(v.Now, 40))
				v.Now += 50 * time.Millisecond
			}
		})
	})
}

// Relabelling the servers relabels the decisions. Decisions may be random, so their shares are
// compared, over many fresh policies: each contributes between 0 and 1 to a server's share, so a
// mean over 100 has a standard deviation of at most 0.05, and 0.4 is more than five of those of
// the difference.
func TestConformanceOrderOfServersDoesNotMatter(t *testing.T) {
	const policies, picks, tolerance = 100, 20, 0.4
	shares := func(spec Spec, v View, responseMS []float64) []float64 {
		share := make([]float64, len(v.Servers))
		for seed := range uint64(policies) {
			p := spec.New(testOptions(len(v.Servers), seed))
			now := v
			for range picks {
				server, token := p.Pick(now)
				share[server] += 1.0 / (policies * picks)
				p.Done(token, answered(now.Now, responseMS[server]))
				now.Now += time.Second
			}
		}
		return share
	}
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom(everyone()).Draw(t, "policy")
		v := drawView(t)
		v.Servers[0].Available = true
		indices := make([]int, len(v.Servers))
		responseMS := make([]float64, len(v.Servers))
		for i := range indices {
			indices[i] = i
			responseMS[i] = rapid.Float64Range(1, 500).Draw(t, "answers after")
		}
		order := rapid.Permutation(indices).Draw(t, "order")
		shuffled, shuffledMS := View{}, make([]float64, 0, len(order))
		for _, i := range order {
			shuffled.Servers = append(shuffled.Servers, v.Servers[i])
			shuffledMS = append(shuffledMS, responseMS[i])
		}

		want, got := shares(spec, v, responseMS), shares(spec, shuffled, shuffledMS)
		for at, i := range order {
			require.InDelta(t, want[i], got[at], tolerance, "%s, server %d at %d: %v, %v", spec.Name, i, at, want, got)
		}
	})
}

func TestConformanceIdleServerWins(t *testing.T) {
	for _, spec := range everyone() {
		if spec.LoadBlind || spec.Learner { // a learner has to find out: see TestConformanceLearnerPrefersIdle
			continue
		}
		t.Run(spec.Name, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { idleServerWins(t, spec) }) })
	}
}

func idleServerWins(t *rapid.T, spec Spec) {
	v := idleServers(2)
	p := spec.New(testOptions(2, rapid.Uint64().Draw(t, "seed")))
	for range 2 * prequalWindow { // warm-up: both answer alike
		_, token := p.Pick(v)
		p.Done(token, answered(v.Now, 40))
		v.Now += 10 * time.Millisecond
	}
	busy := rapid.IntRange(0, 1).Draw(t, "busy")
	v.Servers[busy].InFlight = rapid.IntRange(1, 50).Draw(t, "in flight")
	for range 10 {
		server, _ := p.Pick(v)
		require.Equal(t, 1-busy, server)
	}
}

func TestConformanceDeadServerLosesItsShareAndGetsItBack(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		v := idleServers(3)
		p := spec.New(testOptions(3, 1))
		counts := func() []int {
			n := make([]int, 3)
			for range 2000 {
				server, token := p.Pick(v)
				n[server]++
				p.Done(token, answered(v.Now, 40))
				v.Now += 50 * time.Millisecond
			}
			return n
		}
		require.NotContains(t, counts(), 0)

		v.Servers[1].Available, v.Servers[1].Reachable = false, false
		dead := counts()
		require.Zero(t, dead[1])
		require.Positive(t, dead[0])
		require.Positive(t, dead[2])

		v.Servers[1].Available, v.Servers[1].Reachable = true, true
		require.Positive(t, counts()[1])
	})
}

// A little closed world: clients that each send the next request when the last is answered,
// servers with one worker and a queue, exponential service of 50 ms.
func closedLoop(p Policy, seed uint64, servers, clients, requests int) (picks []int) {
	type request struct {
		token Token
		done  time.Duration
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	v := idleServers(servers)
	free := make([]time.Duration, servers) // when the worker has worked off its queue
	picks = make([]int, servers)
	var waiting []request
	for range requests {
		if len(waiting) == clients {
			first := 0
			for i, r := range waiting {
				if r.done < waiting[first].done {
					first = i
				}
			}
			r := waiting[first]
			waiting = slices.Delete(waiting, first, first+1)
			v.Now = max(v.Now, r.done)
			s := &v.Servers[r.token.Server]
			s.InFlight--
			latency := r.done - r.token.At
			s.ResponseMS += 0.1 * (float64(latency)/float64(time.Millisecond) - s.ResponseMS)
			p.Done(r.token, Outcome{Now: v.Now, Latency: latency, Status: 200})
		}
		server, token := p.Pick(v)
		picks[server]++
		v.Servers[server].InFlight++
		free[server] = max(v.Now, free[server]) + time.Duration(rng.ExpFloat64()*float64(50*time.Millisecond))
		waiting = append(waiting, request{token, free[server]})
	}
	return picks
}

func TestConformanceIdenticalServersGetEqualShares(t *testing.T) {
	const worlds, requests = 20, 2000
	eachPolicy(t, func(t *testing.T, spec Spec) {
		sum := make([]float64, 3)
		for seed := range uint64(worlds) {
			p := spec.New(testOptions(3, seed))
			for i, n := range closedLoop(p, seed, 3, 9, requests) {
				sum[i] += float64(n) / (worlds * requests)
			}
		}
		for i := range sum {
			require.InDelta(t, 1.0/3, sum[i], 0.05, "%v", sum)
		}
	})
}

func TestConformanceConcurrentUse(t *testing.T) {
	eachPolicy(t, func(t *testing.T, spec Spec) {
		p := spec.New(testOptions(3, 1))
		learner, _ := p.(Learner)
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				v := idleServers(3)
				for i := range 300 {
					v.Now = time.Duration(i) * time.Millisecond
					v.Servers[i%3].InFlight = i % 12
					server, token := p.Pick(v)
					p.Done(token, answered(v.Now, float64(10+worker)))
					if learner == nil {
						continue
					}
					token, _ = learner.Observe(v, server)
					p.Done(token, answered(v.Now, 10))
					switch i % 100 {
					case 30:
						learner.(Inspectable).Table(5)
						learner.(Inspectable).Stats()
					case 60:
						_ = learner.SetParam(learner.Params()[0].Name, 0.1)
					case 90:
						learner.Reset()
					}
				}
			})
		}
		wg.Wait()
	})
}
