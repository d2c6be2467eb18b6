package qlearn

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The learners of the joint table, by name.
var jointLearners = map[string]func(int, Config, *rand.Rand) *Agent{
	"q_learning": NewQLearning, "expected_sarsa": NewExpectedSARSA, "double_q": NewDoubleQ,
}

func config(epsilon float64) Config {
	cfg := DefaultConfig()
	cfg.ExplorationRate, cfg.MinExplorationRate = epsilon, epsilon
	return cfg
}

func TestExpectedSARSAValuesItsOwnExploring(t *testing.T) {
	a := NewExpectedSARSA(3, config(0.2), rand.New(rand.NewPCG(1, 2)))
	row, _ := a.Choose([]byte("lll"), all(3))
	next, _ := a.Choose([]byte("lhl"), []bool{true, true, false})
	a.rows[next].q = []float64{-2, -6, 0} // the last is not available
	a.Update(row, 1, -10)
	worth := 0.8*-2 + 0.2*-4
	require.InDelta(t, 0.1*(-10+0.9*worth), a.cell("lll", 1), 1e-12)
}

func TestExpectedSARSAWithoutExploringIsQLearning(t *testing.T) {
	tables := map[string]Table{}
	for _, name := range []string{"q_learning", "expected_sarsa"} {
		a := jointLearners[name](3, config(0), rand.New(rand.NewPCG(1, 2)))
		for i := range 500 {
			row, action := a.Choose([]byte{"lmh"[i%3], "lmh"[i/7%3], 'l'}, all(3))
			a.Update(row, action, -float64(action+i%5))
		}
		tables[name] = a.Table(0)
	}
	require.Equal(t, tables["q_learning"], tables["expected_sarsa"])
}

// Near a cliff: in state "h" one of two servers always fails, in state "m" both are mediocre. Who
// explores half the time had better be in "m", and expected SARSA says so.
func TestExpectedSARSAKeepsAwayFromTheCliff(t *testing.T) {
	worth := func(create func(int, Config, *rand.Rand) *Agent) (cliff, meadow float64) {
		a := create(2, config(0.5), rand.New(rand.NewPCG(3, 4)))
		for range 3000 {
			row, action := a.Choose([]byte("hl"), all(2))
			a.Update(row, action, []float64{-1, -100}[action])
			row, action = a.Choose([]byte("ml"), all(2))
			a.Update(row, action, -5)
		}
		a.Choose([]byte("hl"), all(2))
		cliff = a.rule.worth(a, 0)
		a.Choose([]byte("ml"), all(2))
		return cliff, a.rule.worth(a, 0)
	}
	cliff, meadow := worth(NewExpectedSARSA)
	require.Less(t, cliff, meadow)
	cliff, meadow = worth(NewQLearning)
	require.Greater(t, cliff, meadow)
}

func TestDoubleQValuesOneEstimateByTheOther(t *testing.T) {
	a := NewDoubleQ(2, config(0), rand.New(rand.NewPCG(1, 2)))
	row, _ := a.Choose([]byte("ll"), all(2))
	next, _ := a.Choose([]byte("lh"), all(2))
	a.rows[next].twins = [2][]float64{{-1, -2}, {-7, -3}}
	require.Equal(t, -7.0, a.rule.worth(a, 0), "A chooses server 0, B says what it is worth")
	require.Equal(t, -2.0, a.rule.worth(a, 1))

	a.Update(row, 0, -10)
	estimates := a.rows[row].twins
	updated, want := 0, 0.1*(-10+0.9*-7)
	if estimates[0][0] == 0 {
		updated, want = 1, 0.1*(-10+0.9*-2)
	}
	require.InDelta(t, want, estimates[updated][0], 1e-12)
	require.Zero(t, estimates[1-updated][0], "one at a time")
	require.InDelta(t, want/2, a.cell("ll", 0), 1e-12)
}

// Ten servers alike whose rewards are noise around -10: with gamma 0.9 a state is worth -100.
func TestDoubleQOverestimatesLess(t *testing.T) {
	bias := func(create func(int, Config, *rand.Rand) *Agent) float64 {
		rng := rand.New(rand.NewPCG(5, 6))
		a := create(10, config(0.5), rng)
		sum := 0.0
		for i := range 40_000 {
			row, action := a.Choose([]byte("llllllllll"), all(10))
			a.Update(row, action, -10+20*rng.NormFloat64())
			if i >= 20_000 {
				sum += (a.rule.worth(a, 0) + 100) / 20_000
			}
		}
		return sum
	}
	single, double := bias(NewQLearning), bias(NewDoubleQ)
	require.Greater(t, single, 30.0)
	require.Less(t, double, single/3)
}

func TestJointLearnersFindTheFasterServer(t *testing.T) {
	for name, create := range jointLearners {
		a := create(2, config(0.1), rand.New(rand.NewPCG(7, 8)))
		for range 2000 {
			row, action := a.Choose([]byte("ll"), all(2))
			a.Update(row, action, []float64{-9, -5}[action])
		}
		require.Equal(t, 1, a.Table(1).Rows[0].Best, name)
	}
}

func TestJointLearnersSaveAndRestoreExactly(t *testing.T) {
	for name, create := range jointLearners {
		a := create(3, config(0.1), rand.New(rand.NewPCG(1, 2)))
		for i := range 500 {
			row, action := a.Choose([]byte{"lmh"[i%3], "lmh"[i/7%3], 'l'}, all(3))
			a.Update(row, action, -1/float64(i%13+3))
		}
		saved, err := a.Save(threeServers)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, saved.Write(&file))
		read, err := a.ReadSaved(bytes.NewReader(file.Bytes()), threeServers)
		require.NoError(t, err)
		b := create(3, config(0.1), rand.New(rand.NewPCG(1, 2)))
		b.Restore(read)
		require.Equal(t, a.rows, b.rows, name)
		require.Equal(t, a.Stats().Updates, b.Stats().Updates, name)

		for other, create := range jointLearners {
			if other != name {
				_, err := create(3, config(0), nil).ReadSaved(bytes.NewReader(file.Bytes()), threeServers)
				require.ErrorContains(t, err, "kind", "%s from a table of %s", other, name)
			}
		}
	}
}

func TestStoreDamagedTwins(t *testing.T) {
	const twins = `"twins":[[-1,0,-2],[-2,0,-2]],`
	good := `{"version":1,"kind":"double_q","servers":["a","b","c"],"rows":[{"state":"lmh","q":[-1.5,0,-2],` + twins + `"visits":[1,2,3]}]}`
	a := NewDoubleQ(3, config(0), nil)
	_, err := a.ReadSaved(strings.NewReader(good), threeServers)
	require.NoError(t, err)
	for name, c := range map[string]struct{ file, want string }{
		"missing":      {strings.Replace(good, twins, "", 1), "twins of 0 and 0 values"},
		"short":        {strings.Replace(good, "[-2,0,-2]", "[-2]", 1), "twins of 3 and 1 values"},
		"other mean":   {strings.Replace(good, "-1.5", "-1.25", 1), "q[0] = -1.25 is not the mean"},
		"other method": {strings.Replace(good, "double_q", "joint", 1), `kind "joint"`},
	} {
		_, err := a.ReadSaved(strings.NewReader(c.file), threeServers)
		require.ErrorContains(t, err, c.want, name)
	}
	_, err = newTestAgent(3, nil).ReadSaved(strings.NewReader(strings.Replace(good, "double_q", "joint", 1)), threeServers)
	require.ErrorContains(t, err, "twins")
}

// The largest table of its size must not be refused as too long.
func TestStoreSizeLimitFitsTheLargestTwins(t *testing.T) {
	const q = -1.2345678901234567e-300
	s := Saved{Version: savedVersion, Kind: "double_q", Servers: []string{"a"}, Episodes: 1<<64 - 1, Requests: 1<<63 - 1, Updates: 1<<64 - 1}
	for _, state := range []string{"l", "m", "h"} {
		s.Rows = append(s.Rows, SavedRow{State: state, Q: []float64{q}, Twins: [2][]float64{{q}, {q}}, Visits: []uint64{1<<64 - 1}})
	}
	var file bytes.Buffer
	require.NoError(t, s.Write(&file))
	read, err := NewDoubleQ(1, config(0), nil).ReadSaved(&file, []string{"a"})
	require.NoError(t, err)
	require.Equal(t, s, read)
}

// FuzzReadSavedTwins is FuzzReadSaved for the learner whose rows hold more.
func FuzzReadSavedTwins(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"double_q","servers":["a","b"],"rows":[{"state":"lm","q":[-1.5,0],"twins":[[-1,0],[-2,0]],"visits":[1,2]}]}`))
	f.Add([]byte(`{"version":1,"kind":"double_q","servers":["a","b"],"rows":[{"state":"*","q":[1e308,0],"twins":[[1e308,0],[1e308,0]],"visits":[1,2]}]}`))
	f.Add([]byte(`{"version":1,"kind":"double_q","servers":["a","b"],"rows":[{"state":"lm","q":[0,0],"twins":[[0,0]],"visits":[1,2]}]}`))
	ids := []string{"a", "b"}
	f.Fuzz(func(t *testing.T, data []byte) {
		a := NewDoubleQ(2, config(0.1), rand.New(rand.NewPCG(1, 2)))
		saved, err := a.ReadSaved(bytes.NewReader(data), ids)
		if err != nil {
			return
		}
		a.Restore(saved)
		for _, state := range []string{"ll", "lm", "hh", "ll"} {
			row, action := a.Choose([]byte(state), all(2))
			a.Update(row, action, -1)
		}
		again, err := a.Save(ids)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, again.Write(&file))
		_, err = a.ReadSaved(&file, ids)
		require.NoError(t, err, "what was written can be read")
	})
}
