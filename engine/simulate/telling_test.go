package simulate

import (
	"flag"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

var tellingSeeds = flag.Int("telling", 0, "seeds from 90001 on for the table of docs/zones.md, which -v prints")

// among is a built-in scenario with that many balancers.
func among(t *testing.T, name string, balancers int) Scenario {
	t.Helper()
	sc, err := Lookup(name)
	require.NoError(t, err)
	sc.Balancers = balancers
	return sc
}

// telling is what q_factored makes of a scenario where balancers know nothing of each other (alone), know how many
// there are (silent), and tell each other once a second what they have (told).
type telling struct{ alone, silent, told Stats }

func tell(t *testing.T, sc Scenario, seed uint64) (out telling) {
	t.Helper()
	build := func(name string, o policy.Options) (policy.Policy, error) {
		o.QFactored.Balancers = 1
		return policy.New(name, o)
	}
	alone, err := RunPolicy(sc, "q_factored", seed, defaults(), build)
	require.NoError(t, err)
	silent := run(t, sc, "q_factored", seed)
	sc.ShareEvery = time.Second
	return telling{alone.All, silent.All, run(t, sc, "q_factored", seed).All}
}

// Balancers that tell each other what they have gain by it, and most where there are many of them. Where they once lost
// (many unlike servers) they lose no more.
func TestTellingEachOtherPays(t *testing.T) {
	for _, tt := range []struct {
		scenario  string
		balancers int
		atMost    float64 // of the mean where they are silent
	}{
		{"heavytail10", 4, 0.96},
		{"unlike30", 4, 1},
		{"heavytail10", 16, 0.85},
		{"balancers16", 16, 0.96},
		{"wild:106", 16, 1}, // a tenth of the answers stream: they are no load, neither here nor there
	} {
		ratio := 0.0
		for seed := range uint64(2) {
			r := tell(t, among(t, tt.scenario, tt.balancers), seed+1)
			ratio += math.Log(r.told.MeanMS/r.silent.MeanMS) / 2
		}
		require.Less(t, math.Exp(ratio), tt.atMost, "%s among %d", tt.scenario, tt.balancers)
	}
}

// TestTellingTable prints the table of docs/zones.md.
func TestTellingTable(t *testing.T) {
	seeds := float64(*tellingSeeds)
	for _, balancers := range []int{4, 16} {
		for _, name := range []string{"steady60", "steady80", "slow5x", "burst", "swap", "blackhole", "crash", "heavytail10",
			"identical3", "unlike10", "unlike30", "balancers16", "pareto", "mixed"} {
			var silent, told, mean, squares, alone, p99 float64
			for seed := range uint64(*tellingSeeds) {
				r := tell(t, among(t, name, balancers), 90001+seed)
				change := math.Log(r.told.MeanMS / r.silent.MeanMS)
				silent, told, mean, squares = silent+r.silent.MeanMS/seeds, told+r.told.MeanMS/seeds, mean+change/seeds, squares+change*change/seeds
				alone += math.Log(r.told.MeanMS/r.alone.MeanMS) / seeds
				p99 += math.Log(r.told.P99MS/r.silent.P99MS) / seeds
			}
			if seeds > 0 {
				error2 := 2 * math.Sqrt(max(0, squares-mean*mean)/max(1, seeds-1))
				percent := func(log float64) float64 { return 100 * (math.Exp(log) - 1) }
				t.Logf("| `%s` among %d | %.1f, %.1f | %+.1f ± %.1f %% | %+.1f %% | %+.1f %% |",
					name, balancers, silent, told, percent(mean), 100*error2, percent(alone), percent(p99))
			}
		}
	}
}
