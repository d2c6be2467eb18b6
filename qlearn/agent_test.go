package qlearn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func newTestAgent(servers int, change func(*Config)) *Agent {
	cfg := DefaultConfig()
	cfg.ExplorationRate, cfg.MinExplorationRate = 0, 0
	if change != nil {
		change(&cfg)
	}
	return NewQLearning(servers, cfg, rand.New(rand.NewPCG(1, 2)))
}

// all is the mask of n available servers.
func all(n int) []bool {
	mask := make([]bool, n)
	for i := range mask {
		mask[i] = true
	}
	return mask
}

func (a *Agent) cell(state string, server int) float64 { return a.rows[a.index[state]].q[server] }

func TestAgentUpdateIsBellmans(t *testing.T) {
	a := newTestAgent(2, nil)
	row, _ := a.Choose([]byte("ll"), all(2))
	a.Update(row, 0, -10)
	require.InDelta(t, -1, a.cell("ll", 0), 1e-12) // 0.1 * (-10 + 0.9*0 - 0)

	// The next decision is in another state, whose best is -2: it is that state's value which counts.
	next, _ := a.Choose([]byte("lh"), all(2))
	a.rows[next].q = []float64{-2, -3}
	a.Update(row, 0, -10)
	require.InDelta(t, -1+0.1*(-10+0.9*-2-(-1)), a.cell("ll", 0), 1e-12)
}

func TestAgentCreditsTheRowOfTheToken(t *testing.T) {
	a := newTestAgent(2, nil)
	first, _ := a.Choose([]byte("ll"), all(2))
	second, _ := a.Choose([]byte("hh"), all(2))
	a.Update(first, 1, -50) // the first request ends after the second decision
	require.Negative(t, a.cell("ll", 1))
	require.Zero(t, a.cell("hh", 1))
	require.NotEqual(t, first, second)
}

func TestAgentMasked(t *testing.T) {
	a := newTestAgent(3, func(c *Config) { c.ExplorationRate = 0.5 })
	row, _ := a.Choose([]byte("lll"), all(3))
	a.rows[row].q = []float64{0, -5, -9} // the best is out
	mask := []bool{false, true, true}
	for range 200 {
		_, action := a.Choose([]byte("lll"), mask)
		require.NotZero(t, action)
	}
	require.Equal(t, -5.0, a.value(), "nor does it enter the maximum")

	updates := a.Stats()
	for _, none := range [][]bool{make([]bool, 3), nil, all(2)} {
		row, action := a.Choose([]byte("lll"), none)
		require.Equal(t, []int{-1, -1}, []int{row, action})
	}
	require.Equal(t, updates, a.Stats(), "not a decision")
}

func TestAgentGreedyAndTies(t *testing.T) {
	a := newTestAgent(4, nil)
	row, _ := a.Choose([]byte("llll"), all(4))
	a.rows[row].q = []float64{-5, -1, -7, -1}
	counts := make([]int, 4)
	for range 4000 {
		_, action := a.Choose([]byte("llll"), all(4))
		counts[action]++
	}
	require.Zero(t, counts[0]+counts[2])
	require.InDelta(t, 2000, counts[1], 200)
}

func TestAgentExploresUniformly(t *testing.T) {
	a := newTestAgent(3, func(c *Config) { c.ExplorationRate = 0.3 })
	row, _ := a.Choose([]byte("lll"), all(3))
	a.rows[row].q = []float64{0, -1, -1}
	counts := make([]int, 3)
	for range 10_000 {
		_, action := a.Choose([]byte("lll"), all(3))
		counts[action]++
	}
	require.InDelta(t, 1000, counts[1], 150)
	require.InDelta(t, 1000, counts[2], 150)
	require.InDelta(t, 0.3, a.Stats().Explored, 0.15)
}

func TestAgentEpsilonDecaysByEpisode(t *testing.T) {
	a := newTestAgent(2, func(c *Config) { c.ExplorationRate, c.MinExplorationRate = 0.1, 0.01 })
	for range 9 {
		a.EndRequest()
	}
	require.Equal(t, 0.1, a.Epsilon())
	a.EndRequest()
	require.Equal(t, 0.1*0.995, a.Epsilon())
	require.EqualValues(t, 1, a.Stats().Episodes)
	for range 10_000 {
		a.EndRequest()
	}
	require.Equal(t, 0.01, a.Epsilon())
	a.Reset()
	require.Equal(t, 0.1, a.Epsilon())
}

func TestAgentEpsilonByHand(t *testing.T) {
	a := newTestAgent(2, func(c *Config) { c.ExplorationRate, c.MinExplorationRate = 0.1, 0.01 })
	a.HoldEpsilon(0.4)
	for range 1000 {
		a.EndRequest()
	}
	require.Equal(t, 0.4, a.Epsilon())
	a.Reset()
	require.Equal(t, 0.4, a.Epsilon(), "a parameter stays")
}

func TestAgentToldNotToExploreNeverDoes(t *testing.T) {
	a := newTestAgent(2, func(c *Config) { c.ExplorationRate, c.MinExplorationRate = 0, 0.01 })
	require.Zero(t, a.Epsilon())
}

func TestAgentIgnoresNonsense(t *testing.T) {
	a := newTestAgent(2, func(c *Config) { c.EpisodeRequests = 0 })
	a.Update(0, 0, -5) // nothing was visited
	row, _ := a.Choose([]byte("ll"), all(2))
	for _, u := range []struct {
		row, action int
		reward      float64
	}{{-1, 0, 1}, {row + 1, 0, 1}, {row, -1, 1}, {row, 2, 1}, {row, 0, math.NaN()}, {row, 0, math.Inf(-1)}} {
		a.Update(u.row, u.action, u.reward)
	}
	require.Zero(t, a.Stats().Updates)
	for range 3 {
		a.EndRequest()
	}
	require.EqualValues(t, 3, a.Stats().Episodes)
	require.NotPanics(t, func() { NewQLearning(0, Config{}, rand.New(rand.NewPCG(1, 2))).Choose(nil, nil) })
}

func TestAgentFullTable(t *testing.T) {
	a := newTestAgent(4, nil)
	a.limit = 2
	known, _ := a.Choose([]byte("llll"), all(4))
	a.Choose([]byte("hlll"), all(4))
	other, _ := a.Choose([]byte("mlll"), all(4))
	another, _ := a.Choose([]byte("lmll"), all(4))
	again, _ := a.Choose([]byte("llll"), all(4))
	require.Equal(t, other, another, "states that find the table full share a row")
	require.Equal(t, known, again, "those before keep theirs")
	require.Equal(t, 3, a.Stats().States)

	a.Update(other, 1, -10)
	require.Equal(t, "(any other)", a.Table(0).Rows[0].Label)
}

func TestRowLimitBoundsMemory(t *testing.T) {
	require.Equal(t, 1, rowLimit(0))
	require.Equal(t, 27, rowLimit(3))
	require.Equal(t, 100_000, rowLimit(20))
	require.Equal(t, 40_000, rowLimit(100))
}

func TestAgentManyStates(t *testing.T) {
	a := newTestAgent(100, nil)
	rng := rand.New(rand.NewPCG(3, 4))
	state := make([]byte, 100)
	for range 20_000 {
		for i := range state {
			state[i] = "lmh"[rng.IntN(3)]
		}
		row, action := a.Choose(state, all(100))
		a.Update(row, action, -5)
	}
	require.Equal(t, 20_000, a.Stats().States)
	require.Len(t, a.Table(50).Rows, 50)
}

func TestAgentChoosesWithoutAllocation(t *testing.T) {
	a := newTestAgent(3, nil)
	state, mask := []byte("lmh"), all(3)
	a.Choose(state, mask)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		row, action := a.Choose(state, mask)
		a.Update(row, action, -1)
	}))
}

// The fixed point of Q = r + gamma * max Q in a world of one state: -1/(1-0.5) for the best.
func TestAgentConverges(t *testing.T) {
	a := newTestAgent(2, func(c *Config) { c.ExplorationRate, c.MinExplorationRate, c.DiscountFactor = 0.2, 0.2, 0.5 })
	for range 5000 {
		row, action := a.Choose([]byte("ll"), all(2))
		a.Update(row, action, []float64{-1, -3}[action])
	}
	require.InDelta(t, -2, a.cell("ll", 0), 1e-6)
	require.InDelta(t, -4, a.cell("ll", 1), 1e-6)
	require.InDelta(t, 0, a.Stats().DeltaQ, 1e-6)
	require.InDelta(t, -1.2, a.Stats().Reward, 0.3)
}

func ExampleAgent() {
	rng := rand.New(rand.NewPCG(1, 2))
	a := NewQLearning(2, DefaultConfig(), rng)
	reward := DefaultRewardConfig()
	state, available := []byte{byte(Low), byte(Low)}, []bool{true, true}
	for range 1000 {
		row, server := a.Choose(state, available)
		a.Update(row, server, reward.Latency([]float64{200, 50}[server])) // server 1 is faster
		a.EndRequest()
	}
	best := a.Table(1).Rows[0]
	fmt.Println(best.Label, "goes to server", best.Best)
	// Output: (low, low) goes to server 1
}

func BenchmarkAgent(b *testing.B) {
	for _, n := range []int{3, 100} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			a := newTestAgent(n, nil)
			state, mask := make([]byte, n), all(n)
			for i := range state {
				state[i] = "lmh"[i%3]
			}
			b.ReportAllocs()
			for b.Loop() {
				row, action := a.Choose(state, mask)
				a.Update(row, action, -5)
			}
		})
	}
}

func TestAgentStartsALaterRowAtTheValueBeforeIt(t *testing.T) {
	a := newTestAgent(3, nil)
	first, _ := a.Choose([]byte("lll"), all(3))
	require.Equal(t, []float64{0, 0, 0}, a.rows[first].q)
	a.rows[first].q = []float64{-50, -52, -40}

	second, _ := a.Choose([]byte("hll"), []bool{true, true, false})
	require.Equal(t, []float64{-50, -50, -50}, a.rows[second].q, "the best of what was available, for every server alike")
	require.Zero(t, a.rows[second].visits[0], "an assumption is no visit")
}
