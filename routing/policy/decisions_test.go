package policy

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExplainedDecisions(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(3), idleServers(3)
		explained := func() []Explained { return l.(Explainer).Explained() }
		require.Empty(t, explained())
		watchTraffic(l, &v, 600, 90, 20, 60)
		require.Len(t, explained(), explainKept)
		for i, d := range explained()[1:] {
			require.GreaterOrEqual(t, d.At-explained()[i].At, explainEvery)
		}

		require.NoError(t, l.SetParam("epsilon", 0))
		v.Now += time.Second
		v.Servers[2].Available = false
		server, token := l.Pick(v)
		l.Done(token, answered(v.Now, 20))
		last := explained()[explainKept-1]
		require.Equal(t, v.Now, last.At)
		require.Equal(t, []int{server, server}, []int{last.Chosen, last.Routed})
		require.False(t, last.Explored)
		require.Len(t, last.Servers, 3)
		require.Equal(t, []bool{true, true, false}, []bool{last.Servers[0].Available, last.Servers[1].Available, last.Servers[2].Available})
		require.LessOrEqual(t, last.Servers[server].ScoreMS, last.Servers[1-server].ScoreMS, "the lowest was chosen")
		for _, s := range last.Servers {
			require.InDelta(t, s.ScoreMS, s.CellMS*s.Speed+s.SocialMS+s.CensoredMS+s.FailMS, 1e-9)
		}

		v.Now += explainEvery / 2
		l.Pick(v)
		require.Equal(t, last, explained()[explainKept-1], "too soon after the last")

		v.Now += explainEvery
		_, would := l.Observe(v, 0)
		last = explained()[explainKept-1]
		require.Equal(t, []int{would, 0}, []int{last.Chosen, last.Routed})

		var file bytes.Buffer
		ids := []string{"a", "b", "c"}
		require.NoError(t, l.Save(&file, ids))
		require.NoError(t, l.Load(&file, ids))
		require.Empty(t, explained(), "the new table did not take these decisions")
		l.Pick(v)
		require.Len(t, explained(), 1)
		l.Reset()
		require.Empty(t, explained())
	})
}

func TestExplainedTellsExploring(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(3), idleServers(3)
		require.NoError(t, l.SetParam("epsilon", 1))
		l.Pick(v)
		require.True(t, l.(Explainer).Explained()[0].Explored)
		v.Now += explainEvery
		l.Observe(v, 0)
		require.False(t, l.(Explainer).Explained()[1].Explored, "it only watched")
	})
}

func TestExplainedWithoutServers(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(2), idleServers(2)
		v.Servers[0].Available, v.Servers[1].Available = false, false
		l.Pick(v)
		l.Observe(v, 0)
		require.Empty(t, l.(Explainer).Explained())
	})
}

func TestJointExplanationIsInTheTermsOfTheFactored(t *testing.T) {
	p, v := newTestQLearning(2), idleServers(2)
	server, token := p.Pick(v)
	p.Done(token, answered(0, 120))
	v.Now, v.Servers[server].InFlight = time.Second, 7
	p.Pick(v)
	v.Now, v.Servers[server].InFlight = 2*time.Second, 0
	p.Pick(v)

	all := p.Explained()
	require.Equal(t, "(low, low)", all[0].State)
	require.Equal(t, 1, all[1].Servers[server].Level)
	require.False(t, all[1].Servers[server].Known)
	last := all[2].Servers[server]
	require.True(t, last.Known)
	require.InDelta(t, 12, last.CellMS, 1e-9, "Q is -1.2")
}
