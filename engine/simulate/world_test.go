package simulate

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

func defaults() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
		Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

func lookup(t testing.TB, name string) Scenario {
	sc, err := Lookup(name)
	require.NoError(t, err)
	return sc
}

func run(t testing.TB, sc Scenario, policy string, seed uint64) Result {
	sc.Records = true
	r, err := Run(sc, policy, defaults(), seed)
	require.NoError(t, err)
	return r
}

// lone is one server that gets a request every 100 ms for 10 s and needs exactly 50 ms for each.
func lone(faults ...Fault) Scenario {
	return Scenario{
		Name: "lone", Duration: 10 * time.Second, Rate: 10, Arrivals: Arrivals{Even: true}, Faults: faults,
		Servers: []Server{{ID: "a", BaseDelayMS: 50, Workers: 1}},
	}
}

// pair is lone with a second server.
func pair(faults ...Fault) Scenario {
	sc := lone(faults...)
	sc.Servers = append(sc.Servers, Server{ID: "b", BaseDelayMS: 50, Workers: 1})
	return sc
}

const sec = time.Second

func TestSameSeedSameResult(t *testing.T) {
	for _, name := range []string{"slow5x", "crash", "balancers2", "random:3"} {
		for _, policy := range Policies(policy.Options{}) {
			sc := lookup(t, name)
			sc.Duration = 8 * sec
			for i := range sc.Faults {
				sc.Faults[i].At, sc.Faults[i].For = 2*sec, 3*sec
			}
			require.Equal(t, run(t, sc, policy, 5), run(t, sc, policy, 5), "%s in %s", policy, name)
		}
	}
}

func TestPoliciesSeeTheSameTrace(t *testing.T) {
	sc := lookup(t, "blackhole")
	dues := func(policy string, seed uint64) (d []time.Duration) {
		for _, r := range run(t, sc, policy, seed).Records {
			d = append(d, r.Due)
		}
		return d
	}
	require.Equal(t, dues("round_robin", 1), dues("least_request", 1))
	require.NotEqual(t, dues("round_robin", 1), dues("round_robin", 2))

	// One server leaves no choice, so sizes and luck show.
	one := lookup(t, "flaky20")
	one.Servers, one.Load, one.Rate = one.Servers[:1], 0, 30
	require.Equal(t, run(t, one, "random", 1).Records, run(t, one, "peak_ewma", 1).Records)
}

func TestQuietServerTakesItsTime(t *testing.T) {
	r := run(t, lone(), "round_robin", 1)
	require.Equal(t, 99, r.All.Requests, "due after 0 s and before 10 s")
	for _, rec := range r.Records {
		require.Equal(t, 50*time.Millisecond, rec.Latency)
	}
	require.Zero(t, r.All.CV)
	require.Equal(t, []float64{1}, r.All.Share)
	require.Equal(t, 19, r.Cold.Requests)
	require.Equal(t, 80, r.Warm.Requests)
}

func TestFaults(t *testing.T) {
	inside := func(r Record) bool { return r.Due >= 2*sec && r.Due < 4*sec }
	for name, tt := range map[string]struct {
		fault fault.Fault
		check func(t *testing.T, r Record)
	}{
		"slow": {fault.Fault{Slow: 1.5}, func(t *testing.T, r Record) {
			require.Equal(t, 75*time.Millisecond, r.Latency)
		}},
		"errors": {fault.Fault{ErrorRate: 1}, func(t *testing.T, r Record) {
			require.True(t, r.Failed)
			require.Equal(t, time.Millisecond, r.Latency)
		}},
		"delay": {fault.Fault{Delay: 200 * time.Millisecond}, func(t *testing.T, r Record) {
			require.Equal(t, 250*time.Millisecond, r.Latency, "no slot is held: nothing queues")
		}},
		"stall": {fault.Fault{Stall: true}, func(t *testing.T, r Record) {
			require.GreaterOrEqual(t, r.Due+r.Latency, 4*sec)
			require.False(t, r.Failed)
		}},
		"crash": {fault.Fault{Crash: true}, func(t *testing.T, r Record) {
			require.True(t, r.Failed)
			require.LessOrEqual(t, r.Latency, time.Millisecond)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := Fault{Fault: tt.fault}
			f.Server, f.At, f.For = "a", 2*sec, 2*sec
			some := false
			for _, rec := range run(t, lone(f), "round_robin", 1).Records {
				switch {
				case inside(rec):
					tt.check(t, rec)
					some = true
				case rec.Due < 1900*time.Millisecond || rec.Due > 6*sec:
					require.Equal(t, 50*time.Millisecond, rec.Latency, "due %v", rec.Due)
					require.False(t, rec.Failed)
				}
			}
			require.True(t, some)
		})
	}
}

func TestRefusedRequestIsRetriedElsewhere(t *testing.T) {
	r := run(t, pair(Fault{Server: "a", At: 2010 * time.Millisecond, For: 4 * sec, Fault: fault.Fault{Crash: true}}), "round_robin", 1)
	retried, failed := 0, 0
	for _, rec := range r.Records {
		if rec.Failed {
			failed++
			require.Equal(t, 2*sec, rec.Due, "only what the crash cut")
			require.Equal(t, 10*time.Millisecond, rec.Latency)
		}
		if rec.Latency == 51*time.Millisecond {
			retried++
			require.EqualValues(t, 1, rec.Server)
			require.Less(t, rec.Due, 3500*time.Millisecond, "polls at 2.5 s and 3.5 s take it out")
		}
	}
	require.LessOrEqual(t, failed, 1)
	require.Positive(t, retried)
	for i, s := range r.Seconds {
		if i == 4 || i == 5 {
			require.Zero(t, s.Share[0], "out of rotation in second %d", i)
		}
		if i >= 8 { // up at 6.01 s, polls at 6.5 s and 7.5 s
			require.Equal(t, 0.5, s.Share[0])
		}
	}
}

func TestHealthReportsComeLate(t *testing.T) {
	sc := pair(Fault{Server: "a", At: 2 * sec, For: 6 * sec, Fault: fault.Fault{Crash: true}})
	sc.HealthAge = 3 * sec
	r := run(t, sc, "round_robin", 1)
	require.Zero(t, r.Seconds[7].Share[0], "polled at 2.5 s and 3.5 s, known at 6.5 s")
	refusals := 0
	for _, rec := range r.Records {
		if rec.Latency == 51*time.Millisecond {
			refusals++
			require.Less(t, rec.Due, 6500*time.Millisecond)
		}
	}
	require.Greater(t, refusals, 15)
}

func TestServerDownAtTheStartIsOut(t *testing.T) {
	r := run(t, pair(Fault{Server: "a", For: 5 * sec, Fault: fault.Fault{Crash: true}}), "round_robin", 1)
	for _, rec := range r.Records {
		require.Equal(t, 50*time.Millisecond, rec.Latency)
	}
	require.Zero(t, r.Seconds[4].Share[0])
	require.Equal(t, 0.5, r.Seconds[8].Share[0])
}

func TestNobodyLeft(t *testing.T) {
	r := run(t, lone(Fault{Server: "a", Fault: fault.Fault{Crash: true}}), "least_request", 1)
	require.Equal(t, 1.0, r.All.ErrorRate)
	require.Zero(t, r.All.MeanMS)
	require.EqualValues(t, policy.NoServer, r.Records[0].Server)
}

func TestClientsGiveUp(t *testing.T) {
	r := run(t, lone(Fault{Server: "a", At: 5 * sec, Fault: fault.Fault{Stall: true}}), "round_robin", 1)
	for _, rec := range r.Records {
		require.Equal(t, rec.Due >= 5*sec, rec.Failed)
		if rec.Failed {
			require.Equal(t, DefaultClientTimeout, rec.Latency)
		}
	}
}

// A server that is behind serves in order and drops whom nobody awaits any more.
func TestQueueIsFIFO(t *testing.T) {
	sc := lone()
	sc.Rate = 40 // twice what it can serve
	sc.Duration = 30 * sec
	last := time.Duration(0)
	for _, rec := range run(t, sc, "round_robin", 1).Records {
		if !rec.Failed {
			require.Greater(t, rec.Due+rec.Latency, last)
			last = rec.Due + rec.Latency
		}
		require.LessOrEqual(t, rec.Latency, DefaultClientTimeout)
	}
}

// Pollaczek and Khinchine: with Poisson arrivals and one worker the mean wait is
// ρ·E[S]·(1+c²)/2(1-ρ), where c² = exp(sigma²)-1 is the squared coefficient of variation.
func TestQueueingTheory(t *testing.T) {
	for _, sigma := range []float64{0, 1} {
		const rho, service = 0.6, 10.0
		sc := Scenario{Name: "mg1", Duration: 2000 * sec, Load: rho, Servers: []Server{{ID: "a", BaseDelayMS: service, Workers: 1, Sigma: sigma}}}
		want := service + rho*service*math.Exp(sigma*sigma)/(2*(1-rho))
		r, err := Run(sc, "round_robin", defaults(), 1)
		require.NoError(t, err)
		require.InEpsilon(t, want, r.All.MeanMS, 0.04, "sigma %v", sigma)
	}
}

// Splitting Poisson arrivals at random over two servers gives two queues with Poisson arrivals;
// sharing by round robin gives Erlang gaps and a shorter wait; the clairvoyants do better still.
func TestOrderOfPolicies(t *testing.T) {
	sc := Scenario{Name: "mg2", Duration: 600 * sec, Load: 0.7, Servers: alike(2, Server{BaseDelayMS: 20, Workers: 1, Sigma: 0.5})}
	means := map[string]float64{}
	for _, policy := range []string{"random", "round_robin", "least_request", GreedyClairvoyant} {
		means[policy] = run(t, sc, policy, 2).All.MeanMS
	}
	require.InEpsilon(t, 20+0.7*20*math.Exp(0.25)/(2*0.3), means["random"], 0.05)
	require.Less(t, means["round_robin"], means["random"])
	require.Less(t, means["least_request"], means["round_robin"])
	require.InEpsilon(t, means["least_request"], means[GreedyClairvoyant], 0.01, "equal servers leave nothing to know")
}

func TestPollReportsBusyShare(t *testing.T) {
	sc := lone()
	var seen []float64
	w, err := prepare(&sc, "", 1, defaults(), func(string, policy.Options) (policy.Policy, error) {
		return policyFunc(func(v policy.View) int {
			seen = append(seen, v.Servers[0].CPU)
			return 0
		}), nil
	})
	require.NoError(t, err)
	w.run()
	require.Equal(t, -1.0, seen[0], "nothing reported yet")
	require.InDelta(t, 50, seen[len(seen)-1], 1e-6)
}

func TestSeveralBalancersSeeTheirOwnTraffic(t *testing.T) {
	sc := lone()
	sc.Balancers, sc.Rate, sc.Servers[0].Workers = 2, 200, 0
	most := 0
	for range 2 {
		w, err := prepare(&sc, "", 1, defaults(), func(string, policy.Options) (policy.Policy, error) {
			return policyFunc(func(v policy.View) int {
				most = max(most, v.Servers[0].InFlight)
				return 0
			}), nil
		})
		require.NoError(t, err)
		w.run()
	}
	require.Less(t, most, 10, "200/s of 50 ms are 10 in flight, half of them unseen; gaps are even")
	require.Greater(t, most, 3)
}

// policyFunc is a policy of one function.
type policyFunc func(policy.View) int

func (policyFunc) Name() string                      { return "func" }
func (policyFunc) Done(policy.Token, policy.Outcome) {}
func (f policyFunc) Pick(v policy.View) (int, policy.Token) {
	i := f(v)
	return i, policy.Token{Server: i, At: v.Now}
}

// A policy that answers nonsense fails its requests and nothing else.
func TestPickOutOfRange(t *testing.T) {
	for _, i := range []int{-5, 1, 99} {
		r, err := RunPolicy(lone(), "func", 1, defaults(), func(string, policy.Options) (policy.Policy, error) {
			return policyFunc(func(policy.View) int { return i }), nil
		})
		require.NoError(t, err)
		require.Equal(t, 1.0, r.All.ErrorRate)
	}
}
