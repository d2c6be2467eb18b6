package train

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
	"slbtui/routing/policy"
)

var tiny = Config{Seed: 1, Rounds: 2, Scenarios: 3, Decisions: 60, Epochs: 2, HeldOut: 1}

func trained(t *testing.T, cfg Config) []byte {
	t.Helper()
	network, err := Run(t.Context(), cfg, nil)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, network.Write(&file))
	return file.Bytes()
}

func TestOneSeedGivesTheSameWeightsOnAnyNumberOfCores(t *testing.T) {
	first := trained(t, tiny)
	alone := tiny
	alone.Workers = 1
	require.Equal(t, first, trained(t, alone))
	other := tiny
	other.Seed = 2
	require.NotEqual(t, first, trained(t, other))
}

func TestProgressEndsWhenAllIsDone(t *testing.T) {
	var last Progress
	calls := 0
	_, err := Run(t.Context(), tiny, func(p Progress) {
		calls++
		require.Equal(t, calls, p.Done)
		last = p
	})
	require.NoError(t, err)
	require.Equal(t, last.Total, last.Done)
	require.Equal(t, tiny.Rounds, last.Round)
	require.Greater(t, last.Decisions, 100)
	require.Positive(t, last.Loss)
}

func TestTrainingStopsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := Run(ctx, tiny, func(Progress) { stop() })
	require.ErrorIs(t, err, context.Canceled)
}

// The derivative is what moving each output a little does to the loss.
func TestLossHasItsDerivative(t *testing.T) {
	s := &sample{costMS: []float32{50, 60, 400, 55}, scaleMS: 50}
	out := []float64{0.3, -0.2, 0.5, 0.1}
	_, d := lossOf(out, s)
	const h = 1e-6
	for i := range out {
		up, down := append([]float64(nil), out...), append([]float64(nil), out...)
		up[i] += h
		down[i] -= h
		above, _ := lossOf(up, s)
		below, _ := lossOf(down, s)
		require.InDelta(t, (above-below)/(2*h), d[i], 1e-5, "output %d", i)
	}
}

func TestLossIsLeastWhereTheTruthIs(t *testing.T) {
	s := &sample{costMS: []float32{50, 60, 400}, scaleMS: 50}
	truth := []float64{math.Log(50), math.Log(60), math.Log(400)}
	best, _ := lossOf(truth, s)
	wrong, _ := lossOf([]float64{truth[2], truth[1], truth[0]}, s)
	require.Greater(t, wrong, 3*best)
}

func TestScenariosForTrainingAreNotThoseForEvaluation(t *testing.T) {
	cfg := Default()
	require.NoError(t, cfg.Validate())
	first, _ := cfg.ScenarioSeeds(0)
	_, last := cfg.ScenarioSeeds(cfg.Rounds - 1)
	require.Greater(t, first, uint64(HeldOutFirst+cfg.HeldOut))
	require.EqualValues(t, cfg.Rounds*cfg.Scenarios-1, last-first)
}

func TestConfigOutOfRange(t *testing.T) {
	for problem, change := range map[string]func(*Config){
		"rounds: 0":    func(c *Config) { c.Rounds = 0 },
		"epochs: -1":   func(c *Config) { c.Epochs = -1 },
		"are more":     func(c *Config) { c.Decisions = 10_000 },
		"the seed":     func(c *Config) { c.Seed = 0 },
		"held-out: 0":  func(c *Config) { c.HeldOut = 0 },
		"scenarios: 0": func(c *Config) { c.Scenarios = 0 },
	} {
		cfg := Default()
		change(&cfg)
		_, err := Run(t.Context(), cfg, nil)
		require.ErrorContains(t, err, problem)
	}
}

func TestEvaluateComparesWithTheBestClassical(t *testing.T) {
	h, err := Evaluate(t.Context(), net.New(1, shared.Sizes()...), policy.Options{QNetwork: shared.DefaultConfig()}, Wild, 1, nil)
	require.NoError(t, err)
	require.Len(t, h.Standings, 5)
	require.InDelta(t, 1, h.Standings[0].Mean.Of, 1e-12, "the reference by itself")
	best := h.Standings[4]
	require.InDelta(t, 1, best.Classical.Of, 1e-12)
	require.InDelta(t, 1, best.Mean.Of*h.Standings[0].Classical.Of, 1e-12)
	var b strings.Builder
	require.NoError(t, h.Write(&b))
	require.Contains(t, b.String(), "wild:7001-7001")
	require.Contains(t, b.String(), "\n| q_network | ")
}
