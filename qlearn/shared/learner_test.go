package shared

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/qlearn/net"
)

func candidates(inFlight ...int) []Candidate {
	out := make([]Candidate, len(inFlight))
	for i, n := range inFlight {
		out[i] = Candidate{Server: i, InFlight: n}
	}
	return out
}

// taught has seen server i take ms[i], times (n+1) with n in flight.
func taught(ms ...float64) *Learner {
	l := New(len(ms), DefaultConfig(), nil)
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 2000 {
		at := time.Duration(k) * 10 * time.Millisecond
		for i := range ms {
			n := rng.IntN(6)
			l.Watch(at, candidates(make([]int, len(ms))...), i, n, rng)
			l.Learn(at, i, n, ms[i]*float64(n+1)*(0.8+0.4*rng.Float64()))
		}
	}
	return l
}

func TestShippedNetworkIsAsItsFileSays(t *testing.T) {
	require.Equal(t, Sizes(), Shipped().Sizes())
	require.Less(t, len(shippedFile), 64<<10)
	require.True(t, strings.Contains(string(shippedFile), "slbtui train --seed"), "how to make it again")
	require.True(t, strings.Contains(string(shippedFile), "| q_network |"), "what it reached")
}

func TestNetworkOfOtherSizesPanics(t *testing.T) {
	require.Panics(t, func() { New(2, DefaultConfig(), net.New(1, 3, 1)) })
}

func TestFasterAndEmptierServersWin(t *testing.T) {
	l, rng := taught(20, 60, 200), rand.New(rand.NewPCG(1, 1))
	at := 20 * time.Second
	require.Equal(t, 0, l.Watch(at, candidates(0, 0, 0), 0, 0, rng))
	require.Equal(t, 1, l.Watch(at, candidates(9, 0, 9), 0, 0, rng))
	require.Equal(t, 2, l.Watch(at, []Candidate{{Server: 2}}, 2, 0, rng), "the only candidate")
	require.Equal(t, -1, l.Watch(at, nil, 0, 0, rng))
	require.Equal(t, -1, l.Choose(at, nil, rng).Server)
}

func TestUnmeasuredServersAreTriedOneAtATime(t *testing.T) {
	l, rng := New(2, Config{}, nil), rand.New(rand.NewPCG(1, 1))
	require.NotNil(t, l.Choose(0, candidates(0, 0), rng))
	l.Learn(0, 0, 0, 50)
	require.Equal(t, 1, l.Choose(0, candidates(0, 0), rng).Server)
	require.Equal(t, 0, l.Choose(0, candidates(0, 1), rng).Server, "its first request is out")
	l.Fail(0, 1)
	require.Equal(t, 0, l.Choose(0, candidates(0, 0), rng).Server, "it has failed")
	require.Equal(t, 1, l.Choose(time.Minute, candidates(0, 0), rng).Server, "that is long ago")
}

// All features are ratios: servers ten times as slow, seen at a tenth of the pace where time is one, differ in
// nothing else.
func TestFeaturesAreRatiosToThePool(t *testing.T) {
	read := func(unit float64) (all [][]float64) {
		l, rng := New(2, Config{}, nil), rand.New(rand.NewPCG(1, 1))
		for range 20 {
			l.Learn(0, 0, 1, 50*unit)
			l.Learn(0, 1, 0, 20*unit)
		}
		l.Watch(0, candidates(3, 0), 0, 3, rng)
		l.Latest(func(_ int, x []float64, poolMS float64) {
			x[fDrain] = 0 // answers a second
			all = append(all, append([]float64{math.Log(poolMS / unit)}, x...))
		})
		return all
	}
	small, large := read(1), read(10)
	require.Len(t, small, 2)
	for i := range small {
		require.InDeltaSlice(t, small[i], large[i], 1e-9)
	}
	require.InDelta(t, math.Log(1+3.0), small[0][1+fInFlight], 1e-9)
	require.InDelta(t, math.Log(math.Sqrt(50.0/20)), small[0][1+fSlow], 1e-9)
}

func TestCurveBetweenAndBeyondWhatWasMeasured(t *testing.T) {
	var c curve
	c.add(1, 100)
	for b, want := range map[int]float64{0: 100, 1: 100, 2: 150, 4: 275} { // the centre of 4-5 is 4.5
		require.InDelta(t, want, math.Exp(c.ln[b]), 1e-9, "level %d", b)
	}
	c.add(3, 300)
	require.InDelta(t, 200, math.Exp(c.ln[2]), 1e-9)
	require.Positive(t, c.slope[2])
}

func TestTableShowsThePresentSituation(t *testing.T) {
	l := taught(20, 200)
	l.gather(l.now, candidates(0, 0))
	table := l.Snapshot().Table(0)
	require.Equal(t, "factored", table.Kind)
	require.Len(t, table.Rows, 5, "0, 1, 2, 3 and 4-5")
	require.Equal(t, "4-5", table.Rows[4].Label)
	for _, row := range table.Rows {
		require.Equal(t, 0, row.Best)
		require.Negative(t, row.Q[1])
	}
	require.Greater(t, table.Rows[0].Q[0], table.Rows[4].Q[0])
	require.Len(t, l.Snapshot().Table(2).Rows, 2)
}

func TestExplainTellsWhatWasRead(t *testing.T) {
	l, rng := taught(20, 200, 90), rand.New(rand.NewPCG(1, 1))
	would := l.Watch(20*time.Second, candidates(2, 0), 0, 2, rng)
	e := l.Explain()
	require.Len(t, e, 3)
	require.Len(t, e[0].Features, features)
	require.Equal(t, "in flight", e[0].Features[0].Name)
	require.InDelta(t, math.Log(3), e[0].Features[0].Value, 1e-9)
	require.LessOrEqual(t, e[would].ScoreMS, e[1-would].ScoreMS)
	require.False(t, e[2].Available, "it was not drawn")
	require.True(t, e[2].Known)
	require.Empty(t, e[2].Features)
}

func TestLoadRefusesWhatIsDamaged(t *testing.T) {
	ids := []string{"a", "b"}
	l := taught(20, 200)
	var file bytes.Buffer
	require.NoError(t, l.Save(&file, ids))
	whole := file.String()
	other := New(2, DefaultConfig(), nil)
	for name, c := range map[string]struct{ text, problem string }{
		"version":  {strings.Replace(whole, `"version": 1`, `"version": 2`, 1), "version 2"},
		"key":      {strings.Replace(whole, `"spread"`, `"spraed"`, 1), "spraed"},
		"trailing": {whole + "{}", "follows"},
		"spread":   {strings.Replace(whole, `"spread": `, `"spread": -`, 1), `server "a"`},
		"age":      {strings.Replace(whole, `"picks_age_s": `, `"picks_age_s": -1`, 1), "age"},
		"levels":   {strings.Replace(whole, `"visits": [`, `"visits": [7,`, 1), "13 visits"},
	} {
		require.ErrorContains(t, other.Load(strings.NewReader(c.text), ids), c.problem, name)
		require.Zero(t, other.Stats().Updates)
	}
	require.ErrorContains(t, other.Load(strings.NewReader(whole), []string{"b", "a"}), "same order")
	require.NoError(t, other.Load(strings.NewReader(whole), ids))
	require.Equal(t, l.Snapshot().Table(0).Rows[0].Q, other.Snapshot().Table(0).Rows[0].Q)
}

func TestInFlightLevels(t *testing.T) {
	for n := range 200 {
		b := qlearn.InFlightLevel(n)
		require.LessOrEqual(t, qlearn.LowestInFlight(b), n)
		if b+1 < levels {
			require.Greater(t, qlearn.LowestInFlight(b+1), n)
		}
	}
	require.Equal(t, 0, qlearn.InFlightLevel(-3))
	require.Equal(t, "48+", qlearn.InFlightLabel(levels-1))
	require.Equal(t, "6-7", qlearn.InFlightLabel(5))
}

// A server that refuses what others answer is no fast server; what all refuse is the clients' doing.
func TestRefusalsAreBlamedAsFarAsOthersRefuseLess(t *testing.T) {
	l, rng := taught(20, 60), rand.New(rand.NewPCG(1, 1))
	at := 20 * time.Second
	refuse := func(server int) {
		for range 10 {
			l.Refuse(at, server)
		}
	}
	read := func() (failures []float64) {
		l.Latest(func(_ int, x []float64, _ float64) { failures = append(failures, x[fFailures]) })
		return failures
	}
	before := l.servers[0].measured
	refuse(0)
	require.Equal(t, before, l.servers[0].measured, "a refusal is no latency")
	require.Equal(t, 1, l.Watch(at, candidates(0, 0), 0, 0, rng))
	require.Greater(t, read()[0], 0.8)
	require.Zero(t, read()[1])
	refuse(1)
	require.Equal(t, 0, l.Watch(at, candidates(0, 0), 0, 0, rng))
	require.Equal(t, []float64{0, 0}, read())
	require.Equal(t, 0, New(2, Config{}, nil).Watch(0, candidates(0, 1), 0, 0, rng))
}
