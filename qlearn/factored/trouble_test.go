package factored

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lab is a learner with a clock and chance.
type lab struct {
	f   *Learner
	rng *rand.Rand
	now time.Duration
}

func newLab(servers int) *lab { return &lab{f: newLearner(servers), rng: newRand()} }

// known is a lab of servers of 50 ms, all known well.
func known(servers int) *lab {
	l := newLab(servers)
	for i := range servers {
		l.lognormal(i, 0, 120, 50, 0.1)
	}
	return l
}

func TestARefusingServerIsNotTheFastest(t *testing.T) {
	l := known(3)
	for range 10 {
		l.f.Refuse(l.now, 0)
	}
	require.Positive(t, l.f.Explain(l.now, idle(3))[0].RefusedMS)
	for range 50 {
		require.NotEqual(t, 0, l.f.Best(l.now, idle(3), l.rng).Server)
	}
	l.now += 40 * time.Second
	require.Zero(t, l.f.Best(l.now, withOthersBusy(3, 0), l.rng).Server, "it is tried again")
}

// What all servers refuse alike is the clients' doing, and luck makes no server guilty of it.
func TestWhatAllRefuseIsHeldAgainstNobody(t *testing.T) {
	l := known(3)
	for range 600 {
		for i := range 3 {
			l.now += 2 * time.Millisecond
			if l.rng.IntN(5) == 0 {
				l.f.Refuse(l.now, i)
			} else {
				l.lognormal(i, 0, 1, 50, 0.1)
			}
		}
	}
	for _, e := range l.f.Explain(l.now, idle(3)) {
		require.Less(t, e.RefusedMS, 400.0)
	}
	for range 20 {
		l.f.Refuse(l.now, 1)
	}
	require.Greater(t, l.f.Explain(l.now, idle(3))[1].RefusedMS, 500.0, "but one that refuses everything is")
}

func TestAServerThatComesBackIsForgiven(t *testing.T) {
	l := known(2)
	for range 20 {
		l.f.Fail(l.now, 0)
	}
	gone := idle(2)
	gone[0].Available = false
	l.f.Best(l.now, gone, l.rng)
	l.now += 500 * time.Millisecond
	l.f.Best(l.now, idle(2), l.rng)
	require.Greater(t, l.f.Explain(l.now, idle(2))[0].FailMS, 1000.0, "half a second is no restart")

	l.f.Best(l.now, gone, l.rng)
	l.now += 1500 * time.Millisecond
	busy := withOthersBusy(2, 0)
	require.Zero(t, l.f.Best(l.now, busy, l.rng).Server)
	e := l.f.Explain(l.now, busy)[0]
	require.Zero(t, e.FailMS+e.ProbationMS)

	busy[0].InFlight = 1
	require.Equal(t, 1, l.f.Best(l.now, busy, l.rng).Server, "on probation, one request at a time")
	require.Equal(t, 1000.0, l.f.Explain(l.now, busy)[0].ProbationMS)
	l.lognormal(0, 0, 1, 50, 0.1)
	require.Zero(t, l.f.Explain(l.now, busy)[0].ProbationMS)
}

// Slow start offers a server now and then: it is back with the first of these views.
func TestForgivenessNeedsOneView(t *testing.T) {
	l := known(2)
	l.f.Fail(l.now, 0)
	gone := idle(2)
	gone[0].Available = false
	for i := range 40 {
		l.now += 100 * time.Millisecond
		if view := gone; i%7 == 6 && i > 12 {
			l.f.Best(l.now, idle(2), l.rng)
		} else {
			l.f.Best(l.now, view, l.rng)
		}
	}
	require.Zero(t, l.f.Explain(l.now, idle(2))[0].FailMS)
}

func TestTroubledServersAreDrawnMoreOften(t *testing.T) {
	l := known(2)
	cfg := DefaultConfig()
	cfg.ExplorationRate = 0.02
	l.f.SetConfig(cfg)
	for range 30 {
		l.f.Fail(l.now, 0)
	}
	counts := [2]int{}
	for range 20_000 {
		if c := l.f.Choose(l.now, idle(2), l.rng); c.Explored {
			counts[c.Server]++
		}
	}
	require.InDelta(t, 1000, counts[0], 150)
	require.InDelta(t, 200, counts[1], 70)
}

// withOthersBusy is a view in which every server but one has a few requests.
func withOthersBusy(servers, idler int) LoadList {
	loads := idle(servers)
	for i := range loads {
		if i != idler {
			loads[i].InFlight = 12
		}
	}
	return loads
}
