package simulate

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBuiltInScenariosAreValid(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range Scenarios() {
		require.NoError(t, sc.Validate(), sc.Name)
		require.NotEmpty(t, sc.About, sc.Name)
		require.False(t, seen[sc.Name], sc.Name)
		seen[sc.Name] = true
		found, err := Lookup(sc.Name)
		require.NoError(t, err)
		require.Equal(t, sc, found)
	}
	require.InDelta(t, 173.33, lookup(t, "steady60").Capacity(), 0.01)
	require.InDelta(t, 104, lookup(t, "steady60").MeanRate(), 0.01)
	require.True(t, math.IsInf(lookup(t, "seed").Capacity(), 1))
}

// Random scenarios are valid, differ, come back the same, and leave a way to serve everybody.
func TestRandomScenarios(t *testing.T) {
	kinds := map[string]bool{}
	for seed := range uint64(300) {
		sc := lookup(t, fmt.Sprintf("random:%d", seed))
		require.NoError(t, sc.Validate(), sc.Name)
		require.Equal(t, sc, RandomScenario(seed))
		left := sc.Capacity()
		for _, f := range sc.Faults {
			for _, s := range sc.Servers {
				if s.ID == f.Server {
					left -= s.capacity()
				}
			}
			kinds[fmt.Sprint(f.Slow > 0, f.ErrorRate > 0, f.Stall, f.Crash, f.Delay > 0)] = true
		}
		require.Less(t, sc.MeanRate(), left)
	}
	require.Len(t, kinds, 5)
	require.NotEqual(t, RandomScenario(1).Servers, RandomScenario(2).Servers)
}

// Wild scenarios are valid, come back the same, have every kind of trouble, and leave a way to serve everybody.
func TestWildScenarios(t *testing.T) {
	kinds := map[string]int{}
	count := func(kind string, is bool) {
		if is {
			kinds[kind]++
		}
	}
	const seeds = 400
	for seed := range uint64(seeds) {
		sc := lookup(t, fmt.Sprintf("wild:%d", seed))
		require.NoError(t, sc.Validate(), sc.Name)
		require.Equal(t, sc, WildScenario(seed))
		require.InDelta(t, 1, sc.MeanFactor(), 1e-9, sc.Name)
		require.Less(t, sc.Load, 0.85)
		limits := 0.0
		for _, s := range sc.Servers {
			limits += s.Limit
		}
		s := sc.Servers[0]
		count("pareto", s.Pareto > 0)
		count("sharing", s.Discipline == Sharing)
		count("limits", limits > 1)
		count("404", limits == 1)
		count("herd", sc.Herd > 0)
		count("dear", len(sc.Classes) == 2 && sc.Classes[1].Factor > 1)
		count("streams", len(sc.Classes) == 2 && sc.Classes[1].Hold > 0)
		count("whole", len(sc.Classes) == 2 && sc.Classes[1].Whole)
		count("ejection", sc.Ejection != nil)
		count("balancers", sc.Balancers > 1)
		count("shared", sc.ShareEvery > 0)
		count("patience", sc.ClientTimeout > 0)
		for _, f := range sc.Faults {
			count("out", f.Out)
			count("crash", f.Crash)
		}
		if limits > 1 {
			require.Greater(t, limits, sc.MeanRate())
		}
	}
	for kind, n := range kinds {
		require.Greater(t, n, seeds/30, kind)
	}
	require.Len(t, kinds, 14)
}

func TestLookupRange(t *testing.T) {
	some, err := LookupRange("wild:8-10")
	require.NoError(t, err)
	require.Equal(t, []Scenario{WildScenario(8), WildScenario(9), WildScenario(10)}, some)
	some, err = LookupRange("slow5x")
	require.NoError(t, err)
	require.Len(t, some, 1)
	_, err = LookupRange("wild:10-8")
	require.ErrorContains(t, err, `scenario "wild:10-8": want wild:FROM-TO, such as wild:1-50`)
	_, err = LookupRange("random:x")
	require.ErrorContains(t, err, "not a seed")
}

func TestLookupSaysWhatThereIs(t *testing.T) {
	_, err := Lookup("stedy60")
	require.ErrorContains(t, err, `no scenario "stedy60"; there are seed, steady60,`)
	_, err = Lookup("random:x")
	require.ErrorContains(t, err, `"x" is not a seed; use random: and a whole number, such as random:7`)
}

func TestValidateProgramMistakes(t *testing.T) {
	sc := steady("x", "", 0.5)
	sc.Servers = nil
	_, err := Run(sc, "random", defaults(), 1)
	require.ErrorContains(t, err, "scenario x: servers: 0 is not a number of servers (1-1000)")
	_, err = Run(steady("x", "", 0.5), "best", defaults(), 1)
	require.ErrorContains(t, err, `"best" is not a policy (round_robin,`)
	sc = steady("x", "", 0.5)
	sc.HealthAge = -time.Second
	require.ErrorContains(t, sc.Validate(), "health_age: -1s is not within")
}
