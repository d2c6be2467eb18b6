package deep

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
)

func newAgent(servers int) *Agent {
	return New(servers, DefaultConfig(), qlearn.DefaultEncoderConfig(), rand.New(rand.NewPCG(1, 2)))
}

func idle(n int) []Server {
	servers := make([]Server, n)
	for i := range servers {
		servers[i] = Server{Reading: qlearn.Reading{CPU: -1, Reachable: true}, Available: true}
	}
	return servers
}

// Rewards that depend on the state alone, without a future: the network must tell them apart.
func TestLearnsWhatDependsOnTheState(t *testing.T) {
	a, s := newAgent(2), idle(2)
	a.SetDiscountFactor(0)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 4000 {
		s[0].Active, s[1].Active = 10*rng.IntN(2), 5
		serial, action := a.Choose(s)
		a.Update(serial, -3-float64(s[action].Active))
		a.EndRequest()
	}
	s[0].Active = 0
	_, would := a.Watch(s, 0)
	require.Equal(t, 0, would)
	s[0].Active = 10
	_, would = a.Watch(s, 0)
	require.Equal(t, 1, would)
	for i, want := range []float64{-13, -8} {
		require.InDelta(t, want, -a.Explain()[i].ScoreMS/qlearn.MSPerReward, 1.5, "Q is the reward")
	}
	require.Less(t, a.Stats().DeltaQ, 2.0)
}

// With gamma the value of a state includes those after it: rewards of -1 for ever are worth -1/(1-gamma).
func TestBootstrapsOnTheTargetNetwork(t *testing.T) {
	a, s := newAgent(1), idle(1)
	a.SetDiscountFactor(0.5)
	for range 6000 {
		serial, _ := a.Choose(s)
		a.Update(serial, -10)
	}
	a.Watch(s, 0)
	require.InDelta(t, -20, -a.Explain()[0].ScoreMS/qlearn.MSPerReward, 1)
}

func TestOutcomeCountsOnceAndNotForEver(t *testing.T) {
	a, s := newAgent(2), idle(2)
	serial, _ := a.Choose(s)
	own, known := a.Update(serial, -5)
	require.True(t, own)
	require.True(t, known)
	_, known = a.Update(serial, -5)
	require.False(t, known)
	late, _ := a.Watch(s, 1)
	for range maxReplay {
		a.Watch(s, 0)
	}
	_, known = a.Update(late, -5)
	require.False(t, known, "its place was needed")
	require.EqualValues(t, 1, a.Stats().Updates)
}

func TestMemoryIsBounded(t *testing.T) {
	for _, servers := range []int{1, 3, 100, 1000} {
		a := newAgent(servers)
		a.Choose(idle(servers))
		require.LessOrEqual(t, len(a.replay.ring)*perServer*servers, maxCells)
		require.GreaterOrEqual(t, len(a.replay.ring), 2*warmup)
	}
}

func TestOneSeedOneAgent(t *testing.T) {
	saved := func() string {
		a, s := newAgent(3), idle(3)
		for i := range 500 {
			s[i%3].Active = i % 9
			serial, action := a.Choose(s)
			a.Update(serial, -float64(action+s[action].Active))
		}
		var b bytes.Buffer
		copied, err := a.Save([]string{"a", "b", "c"})
		require.NoError(t, err)
		require.NoError(t, copied.Write(&b))
		return b.String()
	}
	require.Equal(t, saved(), saved())
}

func TestReadSavedRefusesWhatIsDamaged(t *testing.T) {
	ids := []string{"a", "b"}
	a := newAgent(2)
	a.Choose(idle(2))
	copied, err := a.Save(ids)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, copied.Write(&b))
	whole := b.String()
	for name, c := range map[string]struct{ text, problem string }{
		"version":  {strings.Replace(whole, `"version":1`, `"version":2`, 1), "version 2"},
		"key":      {strings.Replace(whole, `"visits"`, `"vistis"`, 1), "vistis"},
		"trailing": {whole + "1", "follows"},
		"state":    {strings.Replace(whole, `"state":[0`, `"state":[11`, 1), "state[0]"},
		"network":  {strings.Replace(whole, `"sizes":[6,`, `"sizes":[9,`, 1), "sizes"},
		"negative": {strings.Replace(whole, `"requests":0`, `"requests":-1`, 1), "requests"},
	} {
		_, err := newAgent(2).ReadSaved(strings.NewReader(c.text), ids)
		require.ErrorContains(t, err, c.problem, name)
	}
	_, err = newAgent(2).ReadSaved(strings.NewReader(whole), []string{"b", "a"})
	require.ErrorContains(t, err, "it is for servers")
}

func TestUnreachableCountsAsHigh(t *testing.T) {
	a, s := newAgent(2), idle(2)
	s[1] = Server{Available: true}
	s[0].CPU, s[0].Active, s[0].ResponseMS = 40, 1000, 100
	a.Choose(s)
	require.Equal(t, []float32{0.5, clipState, 0.5, 1, 1, 1}, a.state())
}
