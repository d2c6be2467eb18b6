package policy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newTestQLearning(servers int) *joint {
	return newQLearning(testOptions(servers, 1)).(*joint)
}

func TestQLearningRewards(t *testing.T) {
	const alpha = 0.1
	for name, c := range map[string]struct {
		outcome Outcome
		want    float64 // change of Q
		updates uint64
	}{
		"an answer":        {Outcome{Latency: 120 * time.Millisecond, Status: 200}, -12 * alpha, 1},
		"not found is one": {Outcome{Latency: 120 * time.Millisecond, Status: 404}, -12 * alpha, 1},
		"a fast failure":   {Outcome{Latency: time.Millisecond, Status: 500}, -1000 * alpha, 1},
		"refused":          {Outcome{Failure: FailureConnect}, -1000 * alpha, 1},
		"the client left":  {Outcome{Latency: time.Second, Cancelled: true}, 0, 0},
		"our own fault":    {Outcome{Latency: time.Second, Failure: FailureLocal}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestQLearning(2)
			server, token := p.Pick(idleServers(2))
			p.Done(token, c.outcome)
			require.InDelta(t, c.want, p.Table(0).Rows[0].Q[server], 1e-9)
			require.Equal(t, c.updates, p.Stats().Updates)
		})
	}
}

func TestQLearningTokenTeachesOnce(t *testing.T) {
	p := newTestQLearning(2)
	_, token := p.Pick(idleServers(2))
	p.Done(token, answered(0, 50))
	p.Done(token, answered(0, 50))
	p.Done(Token{}, answered(0, 50))
	require.EqualValues(t, 1, p.Stats().Updates)
}

func TestQLearningCreditsTheServerOfTheRequest(t *testing.T) {
	p := newTestQLearning(2)
	v := idleServers(2)
	slow, _ := p.Observe(v, 0)
	v.Servers[0].InFlight = 12
	quick, _ := p.Observe(v, 1)
	p.Done(quick, answered(0, 10))
	p.Done(slow, answered(0, 500))
	rows := p.Table(0).Rows
	require.Equal(t, "(low, low)", rows[0].Label)
	require.Equal(t, []uint64{1, 0}, rows[0].Visits)
	require.Equal(t, "(high, low)", rows[1].Label)
	require.Equal(t, []uint64{0, 1}, rows[1].Visits)
}

func TestQLearningUnreachableIsNotIdle(t *testing.T) {
	p := newTestQLearning(3)
	v := idleServers(3)
	v.Servers[1].Reachable, v.Servers[1].Available = false, false
	p.Pick(v)
	require.Equal(t, "(low, high, low)", p.Table(0).Rows[0].Label)
}

func TestQLearningEpisodes(t *testing.T) {
	p := newTestQLearning(2)
	v := idleServers(2)
	finish := func(n int, pick func() Token, o Outcome) {
		for range n {
			p.Done(pick(), o)
		}
	}
	own := func() Token { _, token := p.Pick(v); return token }
	shadow := func() Token { token, _ := p.Observe(v, 0); return token }

	finish(100, shadow, answered(0, 50))
	require.Zero(t, p.Stats().Episodes, "it has not explored")
	finish(100, own, Outcome{Cancelled: true})
	require.Zero(t, p.Stats().Episodes, "nothing learned")
	finish(100, own, answered(0, 50))
	require.EqualValues(t, 10, p.Stats().Episodes)
	require.Less(t, p.Stats().Epsilon, 0.1)

	require.NoError(t, p.SetParam("epsilon", 0.3))
	finish(100, own, answered(0, 50))
	require.Equal(t, 0.3, p.Stats().Epsilon, "set by hand it no longer decays")
}

func TestQLearningObserveOddServers(t *testing.T) {
	p := newTestQLearning(2)
	for _, server := range []int{NoServer, 2, 99} {
		token, would := p.Observe(idleServers(2), server)
		require.Zero(t, token.Serial)
		require.Equal(t, NoServer, would)
	}
	v := idleServers(2)
	v.Servers[0].Available, v.Servers[1].Available = false, false
	token, would := p.Observe(v, 0)
	require.Zero(t, token.Serial)
	require.Equal(t, NoServer, would)
	require.Zero(t, p.Stats().States)
}

func TestQLearningOtherServersStartAnew(t *testing.T) {
	p := newTestQLearning(2)
	_, stale := p.Pick(idleServers(2))
	server, token := p.Pick(idleServers(5))
	p.Done(stale, answered(0, 50))
	require.Zero(t, p.Stats().Updates)
	p.Done(token, answered(0, 50))
	require.Negative(t, p.Table(0).Rows[0].Q[server])
	require.Len(t, p.Table(0).Rows[0].Q, 5)
}

func TestQLearningPicksWithoutAllocation(t *testing.T) {
	p, v := newTestQLearning(3), idleServers(3)
	p.Pick(v)
	require.Zero(t, testing.AllocsPerRun(200, func() {
		_, token := p.Pick(v)
		p.Done(token, answered(v.Now, 20))
	}))
}
