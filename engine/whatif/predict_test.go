package whatif

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/policy/score"
)

func parameters() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
		Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

// trio is the three servers of the laboratory at half their capacity.
func trio() Situation {
	s := Situation{Rate: 87, Options: parameters(), Seed: 1}
	for i, ms := range []float64{50, 75, 100} {
		s.Servers = append(s.Servers, simulate.Server{ID: "server" + strconv.Itoa(i+1), BaseDelayMS: ms, Workers: 4, Sigma: 0.3})
	}
	return s
}

func slow(factor float64, left time.Duration) Fault {
	return Fault{"server1", fault.Span{Fault: fault.Fault{Slow: factor}, For: left}}
}

func predict(t testing.TB, s Situation) live.Prediction {
	t.Helper()
	var last live.Prediction
	require.NoError(t, Predict(context.Background(), s, func(p live.Prediction) { last = p }))
	require.Len(t, last.Rows, last.Total)
	return last
}

// only predicts for one policy.
func only(t *testing.T, s Situation, name string) live.WhatIfRow {
	t.Helper()
	for _, spec := range policy.All() {
		if spec.Name == name {
			r, _, err := s.predict(t.Context(), spec, live.WhatIfExtent{Warmup: 10 * time.Second, Horizon: time.Minute, Runs: 2})
			require.NoError(t, err)
			return r
		}
	}
	require.Fail(t, "no policy", name)
	return live.WhatIfRow{}
}

func row(t testing.TB, p live.Prediction, policy string) live.WhatIfRow {
	t.Helper()
	for _, r := range p.Rows {
		if r.Policy == policy {
			return r
		}
	}
	require.Fail(t, "no row", policy)
	return live.WhatIfRow{}
}

func TestASlowServerRanksThePolicies(t *testing.T) {
	s := trio()
	s.Faults = []Fault{slow(5, 20*time.Second)}
	p := predict(t, s)
	rr, lr, qf, best := row(t, p, "round_robin"), row(t, p, "least_request"), row(t, p, "q_factored"), row(t, p, simulate.SocialClairvoyant)
	require.Less(t, lr.MeanMS, rr.MeanMS/2)
	require.Less(t, qf.MeanMS, lr.MeanMS)
	require.Less(t, qf.P99MS, rr.P99MS/2)
	require.Less(t, best.MeanMS, qf.MeanMS*1.02)
	require.True(t, best.Reference)
	require.Equal(t, best, p.Rows[len(p.Rows)-1])
	require.Equal(t, p, predict(t, s), "equal situations give equal predictions")
	s.Seed++
	require.NotEqual(t, p, predict(t, s))
}

func TestFaultsEndWhenTheirTimeIsUp(t *testing.T) {
	healthy := only(t, trio(), "least_request")
	mean := func(left time.Duration) float64 {
		s := trio()
		s.Faults = []Fault{slow(5, left)}
		return only(t, s, "least_request").MeanMS
	}
	require.InEpsilon(t, healthy.MeanMS, mean(time.Millisecond), 0.05, "it was there in the warm-up only")
	require.Greater(t, mean(20*time.Second), 1.1*mean(time.Millisecond))
	require.Greater(t, mean(0), 1.1*mean(20*time.Second), "0 is for good")

	s := trio()
	s.Faults = []Fault{slow(5, 20*time.Second)}
	ends := only(t, s, "least_request")
	s.Faults[0].For = 0
	stays := only(t, s, "least_request")
	require.InEpsilon(t, stays.MeanMS, ends.Now.MeanMS, 0.1, "while it is there, it is as if it stayed")
	require.InEpsilon(t, stays.MeanMS, stays.Now.MeanMS, 0.05)
}

func TestErrorsAreCountedApart(t *testing.T) {
	s := trio()
	s.Faults = []Fault{{"server1", fault.Span{Fault: fault.Fault{ErrorRate: 1}}}}
	require.InDelta(t, 1.0/3, only(t, s, "round_robin").ErrorRate, 0.01)
	require.Less(t, only(t, s, "q_factored").ErrorRate, 0.02)

	s.Ejection = &simulate.Ejection{Outlier: routing.DefaultOutlierConfig(), SlowStart: routing.DefaultSlowStartConfig()}
	ejecting := only(t, s, "round_robin")
	require.Less(t, ejecting.ErrorRate, 0.01, "the balancer keeps it out whatever the policy")
	require.Positive(t, ejecting.ErrorRate, "but has to try it now and then")
}

func TestALearnerStartsFromACopy(t *testing.T) {
	s := trio()
	s.Rate = 20
	require.Equal(t, live.StartEmpty, only(t, s, "q_learning").Start, "there is none to copy")
	require.Equal(t, live.StartPlain, only(t, s, "p2c").Start)

	empty := only(t, s, "q_factored")
	taught := learner(t, s, "q_factored")
	require.NoError(t, taught.SetParam("epsilon", 0.5))
	updates := taught.(policy.Inspectable).Stats().Updates
	s.Learned = func(name string) policy.Learner {
		if name == taught.Name() {
			return taught
		}
		return nil
	}
	copied := only(t, s, "q_factored")
	require.Equal(t, live.StartCopied, copied.Start)
	require.Greater(t, copied.MeanMS, empty.MeanMS+5, "it explores half of the time, as an operator has asked of the live one")
	require.Equal(t, updates, taught.(policy.Inspectable).Stats().Updates, "the live one learns nothing from it")
	require.Equal(t, copied, only(t, s, "q_factored"))

	large := learner(t, s, "q_learning")
	s.Learned = func(string) policy.Learner { return many{large} }
	require.Equal(t, live.StartEmpty, only(t, s, "q_learning").Start, "too large to copy")
}

// many is a learner whose table is too large to copy.
type many struct{ policy.Learner }

func (many) Table(int) qlearn.Table { return qlearn.Table{} }
func (many) Stats() qlearn.Stats    { return qlearn.Stats{States: maxCopied} }

// learner has routed for a minute.
func learner(t *testing.T, s Situation, name string) policy.Learner {
	t.Helper()
	var made policy.Policy
	sc := s.scenario(live.WhatIfExtent{Horizon: time.Minute})
	_, err := simulate.RunPolicy(sc, name, 7, s.Options, func(name string, o policy.Options) (p policy.Policy, err error) {
		made, err = policy.New(name, o)
		return made, err
	})
	require.NoError(t, err)
	return made.(policy.Learner)
}

// What q_factored has learned of servers stands for them where nothing else is known.
func TestLearnedServices(t *testing.T) {
	s := trio()
	s.Rate = 140
	for i, service := range learner(t, s, "q_factored").(*policy.QFactored).Services(time.Minute) {
		require.InEpsilon(t, s.Servers[i].BaseDelayMS, service.MeanMS, 0.1)
		require.InDelta(t, s.Servers[i].Workers, service.Slots, 2)
		require.InDelta(t, s.Servers[i].Sigma, service.Spread, 0.15)
	}
}

func TestReportsGrow(t *testing.T) {
	var lengths []int
	var first live.Prediction
	s := trio()
	s.Rate = 2
	require.NoError(t, Predict(t.Context(), s, func(p live.Prediction) {
		lengths = append(lengths, len(p.Rows))
		if len(p.Rows) == 1 {
			first = p
		}
	}))
	require.Len(t, lengths, len(policy.All())+2)
	require.IsIncreasing(t, lengths)
	require.Equal(t, "round_robin", first.Rows[0].Policy)
}

func TestPoliciesOfOnesOwnArePredicted(t *testing.T) {
	e, err := score.Compile("in_flight / weight")
	require.NoError(t, err)
	s := trio()
	s.Rate = 2
	s.Options.Own = []policy.Spec{e.Spec("mine")}
	mine := row(t, predict(t, s), "mine")
	require.Positive(t, mine.MeanMS)
	require.Equal(t, live.StartPlain, mine.Start)
}

func TestPredictEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	s := trio()
	s.Rate = 2
	require.ErrorIs(t, Predict(ctx, s, func(p live.Prediction) {
		if rows = len(p.Rows); rows == 3 {
			cancel()
		}
	}), context.Canceled)
	require.Equal(t, 3, rows)

	nothing := trio()
	nothing.Rate = 0
	require.ErrorContains(t, Predict(t.Context(), nothing, func(live.Prediction) {}), "rate 0")
	nobody := trio()
	nobody.Servers = nil
	require.ErrorContains(t, Predict(t.Context(), nobody, func(live.Prediction) {}), "servers")
}

func TestExtent(t *testing.T) {
	const second = time.Second
	for _, test := range []struct {
		rate             float64
		servers          int
		atLeast, atMost  time.Duration
		fewest, mostRuns int
	}{
		{1, 3, 60 * second, 60 * second, maxRuns, maxRuns},
		{50, 3, 60 * second, 60 * second, 3, maxRuns},
		{104, 3, 60 * second, 60 * second, 1, maxRuns},
		{1000, 3, 10 * second, 59 * second, 1, 1},
		{4000, 100, second / 2, 10 * second, 1, 1},
		{100_000, 1000, time.Millisecond, second, 1, 1},
	} {
		x := extent(test.rate, test.servers, 13)
		require.GreaterOrEqual(t, x.Horizon, test.atLeast, test)
		require.LessOrEqual(t, x.Horizon, test.atMost, test)
		require.GreaterOrEqual(t, x.Runs, test.fewest, test)
		require.LessOrEqual(t, x.Runs, test.mostRuns, test)
		require.InDelta(t, x.Horizon.Seconds()/warmShare, x.Warmup.Seconds(), 0.001)
	}
}
