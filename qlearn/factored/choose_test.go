package factored

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDrawsAmongMany(t *testing.T) {
	f, rng, loads := newLearner(200), newRand(), idle(200)
	require.Len(t, f.draw(loads, rng), drawn)
	require.Len(t, f.draw(loads[:allUpTo], rng), allUpTo)
	seen := map[int]bool{}
	for range 2000 {
		seen[f.Best(0, loads, rng).Server] = true
	}
	require.Len(t, seen, 200, "each gets its turn")
	for i := range loads {
		loads[i].Available = i == 137
	}
	for range 50 {
		require.Equal(t, 137, f.Choose(0, loads, rng).Server, "the last one left is found")
	}
	loads[137].Available = false
	require.Equal(t, -1, f.Choose(0, loads, rng).Server)
}

// Of two servers that look alike the one that is little known is tried, without any dice.
func TestHopeTriesTheLittleKnown(t *testing.T) {
	l := newLab(2)
	l.lognormal(0, 0, 200, 50, 0.5)
	l.lognormal(1, 0, 3, 52, 0.01)
	require.Equal(t, 1, l.f.Best(l.now, idle(2), l.rng).Server)
	require.Negative(t, l.f.Explain(l.now, idle(2))[1].HopeMS)
	require.Zero(t, l.f.Explain(l.now, idle(2))[0].HopeMS)
	l.lognormal(1, 0, 200, 80, 0.5)
	require.Zero(t, l.f.Explain(l.now, idle(2))[1].HopeMS)
	require.Zero(t, l.f.Best(l.now, idle(2), l.rng).Server)
}

func TestOthersAreThoughtToHaveWhatOneHasOneself(t *testing.T) {
	l := newLab(2)
	cfg := DefaultConfig()
	cfg.Balancers = 16
	l.f.SetConfig(cfg)
	loads := idle(2)
	loads[0].InFlight, loads[0].Foreign, loads[1].Foreign = 2, -1, -1
	for range 300 {
		l.now += 100 * time.Millisecond
		l.f.Best(l.now, loads, l.rng)
	}
	require.Equal(t, 26, l.f.Explain(l.now, loads)[0].Others)
	require.Zero(t, l.f.Explain(l.now, loads)[1].Others)
	loads[0].Foreign = 3
	require.Equal(t, 3, l.f.Explain(l.now, loads)[0].Others, "who is told believes that")
	loads[0].InFlight = 4
	require.Equal(t, 15, l.f.Explain(l.now, loads)[0].Others, "and that the others have begun what it has: two more each, four tenths of it")
	loads[0].InFlight = 0
	require.Zero(t, l.f.Explain(l.now, loads)[0].Others, "or ended")
	loads[0].InFlight, loads[0].Foreign = 2, 13
	require.Equal(t, 26, l.f.Explain(l.now, halfHeard{loads})[0].Others, "half of the mean is not filled yet")
	cfg.Balancers, loads[0].Foreign = 1, -1
	l.f.SetConfig(cfg)
	require.Zero(t, l.f.Explain(l.now, loads)[0].Others)
}

// halfHeard are loads of which half of the foreign means is filled.
type halfHeard struct{ LoadList }

func (halfHeard) Unheard() float64 { return 0.5 }

// Among many servers, what a balancer has at one says less about the others.
func TestWhatOthersHaveBegunAmongManyServers(t *testing.T) {
	l := newLab(12)
	cfg := DefaultConfig()
	cfg.Balancers = 16
	l.f.SetConfig(cfg)
	loads := idle(12)
	loads[0].InFlight = 2
	require.Equal(t, 6, l.f.Explain(l.now, loads)[0].Others, "two each, a fifth of it")
}

// What others tell is a mean: it counts as it is, not rounded, and the curve counts for more.
func TestLoadsBetweenTwoLevels(t *testing.T) {
	l := newLab(1)
	for n := range 16 { // one slot of 10 ms
		for range 50 {
			l.lognormal(0, levelOf(n), 1, 10*float64(n+1), 0.1)
		}
	}
	cost := func(foreign float64) float64 {
		return l.f.Explain(l.now, LoadList{{Foreign: foreign, Available: true}})[0].ScoreMS
	}
	for n := 0.0; n < 15; n++ {
		require.InDelta(t, (cost(n)+cost(n+1))/2, cost(n+0.5), 0.05*cost(n+1), "%v", n)
		require.Less(t, cost(n), cost(n+0.25))
	}
	require.Less(t, cost(1e6), cost(2e6), "beyond the last level, which is open, the delay of others still grows")

	social := func() float64 {
		return l.f.Explain(l.now, LoadList{{Foreign: 6, Available: true}})[0].SocialMS
	}
	alone, cfg := social(), DefaultConfig()
	cfg.Balancers = 4
	l.f.SetConfig(cfg)
	require.InDelta(t, 1.5, social()/alone, 1e-9)
	loads := LoadList{{InFlight: 6, Foreign: -1, Available: true}}
	silent := l.f.Explain(l.now, loads)[0].SocialMS
	require.InDelta(t, alone, silent, 1e-9, "who is not told sees what it always saw")
}

func TestObjective(t *testing.T) {
	l := newLab(1)
	for n := range 12 { // 4 slots of 40 ms
		for range 60 {
			l.lognormal(0, levelOf(n), 1, 40*max(1, float64(n+1)/4), 0.1)
		}
	}
	require.Equal(t, 0.8, l.f.socialWeight)
	cfg := DefaultConfig()
	cfg.Objective = Mean
	l.f.SetConfig(cfg)
	for range 200 { // one each 13 ms, 40 ms of work in 4 slots: 77 % busy
		l.now += 3 * time.Millisecond
		l.lognormal(0, 3, 1, 40, 0.1)
	}
	require.InDelta(t, 3.3, l.f.socialWeight, 0.8)
	l.now += time.Minute
	l.lognormal(0, 0, togetherEvery, 40, 0.1)
	require.Equal(t, 0.8, l.f.socialWeight, "the floor")
}

// Among many servers the delay of the others weighs more, whatever the load.
func TestSocialWeightGrowsWithTheNumberOfServers(t *testing.T) {
	for n, want := range map[int]float64{0: 0.8, 3: 0.8, 6: 0.9, 100: 0.994} {
		require.InDelta(t, want, newLearner(n).socialWeight, 1e-9, "%d servers", n)
	}
}

func TestATableOfOtherBalancersIsACurveOnly(t *testing.T) {
	_, text := saved(t)
	cfg := DefaultConfig()
	cfg.Balancers = 4
	f := New(3, cfg)
	require.NoError(t, f.Load(strings.NewReader(text), abc))
	require.Contains(t, f.Partial(), "among 1 balancers and 4 share")
	g := newLearner(3)
	require.NoError(t, g.Load(strings.NewReader(text), abc))
	require.Empty(t, g.Partial())
	for i := range f.servers {
		a, b := &f.servers[i], &g.servers[i]
		require.InEpsilon(t, b.value[0].cell, a.value[0].cell, 0.5)
		require.Equal(t, b.drift.spread, a.drift.spread)
		require.LessOrEqual(t, a.measured, uint64(levels))
	}
}

func TestReadsVersion1(t *testing.T) {
	_, text := saved(t)
	at := strings.Index(text, ` "balancers"`)
	old := strings.Replace(text[:at]+text[strings.Index(text, ` "servers"`):], `"version": 2`, `"version": 1`, 1)
	f := newLearner(3)
	require.NoError(t, f.Load(strings.NewReader(old), abc))
	require.Empty(t, f.Partial())
	require.Negative(t, f.calm.bias)
	require.Equal(t, 1.0, f.calm.dependence())
}
