package comparison

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

func parameters() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
		Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

func short(t *testing.T, names ...string) []simulate.Scenario {
	var scs []simulate.Scenario
	for _, name := range names {
		sc, err := simulate.Lookup(name)
		require.NoError(t, err)
		sc.Duration = 20 * time.Second
		scs = append(scs, sc)
	}
	return scs
}

func TestCompareIsTheSameOnAnyNumberOfCores(t *testing.T) {
	plan := Plan{Scenarios: short(t, "steady60", "deadstart"), Policies: []string{"least_request", "p2c", "q_factored"},
		Seeds: SeedRange(3, 4), Options: parameters(), Workers: 1}
	var calls []int
	one, err := Compare(t.Context(), plan, func(done, total int) {
		calls = append(calls, done)
		require.Equal(t, 2*5*4, total)
	})
	require.NoError(t, err)
	require.Len(t, calls, 40)
	require.IsIncreasing(t, calls)
	plan.Workers = 7
	many, err := Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Equal(t, one, many)
}

func TestReport(t *testing.T) {
	plan := Plan{Scenarios: short(t, "steady60", "blackhole"), Policies: []string{"round_robin", "least_request", simulate.SocialClairvoyant},
		Seeds: SeedRange(1, 5), Options: parameters()}
	r, err := Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	c := &r.Comparisons[0]
	require.Len(t, c.Rows, 3)
	require.Equal(t, "least_request", c.BestMean)
	require.Equal(t, "least_request", c.BestP99)
	best := c.Row("least_request")
	require.Zero(t, best.Mean.DiffMS)
	rr := c.Row("round_robin")
	require.Equal(t, "least_request", rr.Mean.Baseline)
	require.Positive(t, rr.Mean.DiffMS)
	require.InDelta(t, rr.All.MeanMS-best.All.MeanMS, rr.Mean.DiffMS, 1e-9)
	require.Less(t, rr.All.MeanCI[0], rr.All.MeanMS)
	require.Greater(t, rr.All.MeanCI[1], rr.All.MeanMS)
	social := c.Row(simulate.SocialClairvoyant)
	require.Equal(t, 5, social.Mean.Wins)
	require.GreaterOrEqual(t, social.endRegret(), 0.0)
	require.Greater(t, best.endRegret(), social.endRegret())
	require.Len(t, rr.Seconds, 20)
	require.InDelta(t, 1.0/3, rr.Seconds[5].Share[0], 0.01)
	require.NotEmpty(t, rr.Curve)
	require.Nil(t, c.Row("p2c"))

	share, sum := rr.All.Share, 0.0
	for _, s := range share {
		sum += s
	}
	require.InDelta(t, 1, sum, 1e-9)
	require.Equal(t, Tally{Scenarios: 2, LowerMean: 2, LowerP99: 2, SurelyLowerP99: 2}, r.Count(simulate.SocialClairvoyant))
}

func TestBaselineByName(t *testing.T) {
	plan := Plan{Scenarios: short(t, "steady60"), Policies: []string{"round_robin", "p2c"}, Seeds: SeedRange(1, 2),
		Options: parameters(), Baseline: "round_robin"}
	r, err := Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Equal(t, "round_robin", r.Comparisons[0].Row("p2c").P99.Baseline)
}

func TestCompareRefuses(t *testing.T) {
	good := Plan{Scenarios: short(t, "steady60"), Policies: []string{"p2c"}, Seeds: SeedRange(1, 1), Options: parameters()}
	for want, spoil := range map[string]func(*Plan){
		"no scenario to run":                       func(p *Plan) { p.Scenarios = nil },
		"no policy to run":                         func(p *Plan) { p.Policies = nil },
		"no seed to run with":                      func(p *Plan) { p.Seeds = SeedRange(1, -3) },
		"policy p2c is there twice":                func(p *Plan) { p.Policies = []string{"p2c", "p2c"} },
		`"x" is not a policy`:                      func(p *Plan) { p.Policies = []string{"x"} },
		"baseline random is not among":             func(p *Plan) { p.Baseline = "random" },
		"scenario steady60: duration: -1ns is not": func(p *Plan) { p.Scenarios[0].Duration = -1 },
	} {
		plan := good
		plan.Scenarios = short(t, "steady60")
		spoil(&plan)
		_, err := Compare(t.Context(), plan, nil)
		require.ErrorContains(t, err, want)
	}
}

func TestCompareStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	plan := Plan{Scenarios: short(t, "steady60"), Policies: []string{"p2c"}, Seeds: SeedRange(1, 50), Options: parameters(), Workers: 1}
	_, err := Compare(ctx, plan, func(done, _ int) {
		if done == 2 {
			cancel()
		}
		require.Less(t, done, 10)
	})
	require.ErrorIs(t, err, context.Canceled)
}

func TestWriteJSON(t *testing.T) {
	plan := Plan{Scenarios: short(t, "steady60"), Policies: []string{"random", simulate.SocialClairvoyant}, Seeds: SeedRange(1, 3), Options: parameters()}
	r, err := Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteJSON(&b, r))
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	require.Len(t, lines, 2)
	var row map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &row))
	for _, part := range []map[string]any{row, row["warm"].(map[string]any)} {
		for _, key := range []string{"requests", "mean_ms", "p50_ms", "p95_ms", "p99_ms", "p999_ms", "cv", "error_rate"} {
			require.IsType(t, 0.0, part[key], key)
		}
		require.Len(t, part["mean_ci_ms"], 2)
		require.Len(t, part["p99_ci_ms"], 2)
		require.Len(t, part["share"], 3)
	}
	require.Equal(t, "steady60", row["scenario"])
	require.Equal(t, "random", row["policy"])
	require.Equal(t, 3.0, row["seeds"])
}
